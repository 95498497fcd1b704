"""Signed PDF files of invented signers, whom an invented authority certifies."""

import datetime
import io

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko_certvalidator.registry import SimpleCertificateStore

DAY = datetime.datetime(2024, 3, 5, 8, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


def name_of(common, organization):
    pairs = ((NameOID.COMMON_NAME, common), (NameOID.ORGANIZATION_NAME, organization))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


class Authority:
    """An invented authority that certifies invented signers."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.name = name_of("Cơ quan chứng thực Suối Trầm", "Suối Trầm")
        self.certificate = self._certificate(self.name, self.key.public_key(), ca=True)

    def _certificate(self, subject, key, ca, seconds=None):
        begin = DAY.replace(tzinfo=None) - datetime.timedelta(days=500)
        now = datetime.datetime.now(datetime.UTC)
        end = now + datetime.timedelta(seconds=seconds) if seconds else begin + datetime.timedelta(days=36500)
        usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def signer(self, common, organization="Sở Khoa học Kỹ thuật", seconds=None):
        """Somebody with a certificate; `seconds` is how long it is still valid."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        certificate = self._certificate(name_of(common, organization), key.public_key(), ca=False, seconds=seconds)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return signers.SimpleSigner(
            signing_cert=next(iter(load_certs_from_pemder_data(pem(certificate)))),
            signing_key=load_private_key_from_pemder_data(private, None),
            cert_registry=SimpleCertificateStore(),
        )


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def signed(data, signer, field):
    """The bytes of a PDF with one more signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    append_signature_field(writer, SigFieldSpec(sig_field_name=field))
    meta = signers.PdfSignatureMetadata(field_name=field)
    out = signers.PdfSigner(meta, signer=signer).sign_pdf(writer, in_place=False)
    return out.getvalue()
