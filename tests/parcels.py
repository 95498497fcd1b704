"""Archives and mails made for tests."""

import base64
import io
import zipfile
from email.message import EmailMessage


def zip_of(*members, method=zipfile.ZIP_DEFLATED):
    """An archive of (name or ZipInfo, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def mail(*attachments, text="Kính chuyển văn bản kèm theo.", html=None, **head):
    """A mail with attachments (name, bytes), as a program writes it that heeds the standards."""
    message = EmailMessage()
    head = {"From": "a@coquan.example", "To": "b@coquan.example", "Date": "Thu, 16 Jan 2025 20:00:00 +0000"} | head
    for name, value in head.items():
        message[name] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def raw_mail(parts, subtype="mixed"):
    """A mail out of parts as they are written (head and content in bytes)."""
    lines = [b"From: a@coquan.example", b"To: b@coquan.example", b"MIME-Version: 1.0"]
    lines += [b'Content-Type: multipart/%s; boundary="=_b"' % subtype.encode(), b""]
    for part in parts:
        lines += [b"--=_b", part]
    return b"\r\n".join([*lines, b"--=_b--", b""])


MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
    <edXML:edXMLHeader>
      <edXML:MessageHeader>
        <edXML:From>
          <edXML:OrganId>000.00.07.H99</edXML:OrganId>
          <edXML:OrganName>Sở Khoa học Kỹ thuật</edXML:OrganName>
        </edXML:From>
        <edXML:To><edXML:OrganName>Ủy ban nhân dân các huyện</edXML:OrganName></edXML:To>
        <edXML:Code>
          <edXML:CodeNumber>{number}</edXML:CodeNumber>
          <edXML:CodeNotation>{notation}</edXML:CodeNotation>
        </edXML:Code>
        <edXML:PromulgationInfo>
          <edXML:Place>Trường Giang</edXML:Place>
          <edXML:PromulgationDate>{day}</edXML:PromulgationDate>
        </edXML:PromulgationInfo>
        <edXML:DocumentType><edXML:Type>71</edXML:Type><edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>
        <edXML:Subject>{subject}</edXML:Subject>
        <edXML:DueDate>{due}</edXML:DueDate>
        {more}
      </edXML:MessageHeader>
      <!-- of the sender's own program -->
      <them:Route xmlns:them="urn:truc-lien-thong" hops="2"><them:Hop>tram 1</them:Hop></them:Route>
      <Signature><SignatureValue>AAAA</SignatureValue></Signature>
    </edXML:edXMLHeader>
    <edXML:edXMLBody><edXML:edXMLManifest version="1.0"/></edXML:edXMLBody>
  </edXML:edXMLEnvelope>
  <AttachmentEncoded>{attachments}</AttachmentEncoded>
</edXML>
"""
ATTACHMENT = (
    "<Attachment><AttachmentName>{name}</AttachmentName><ContentType>application/zip</ContentType>"
    "<ContentTransferEncoded>{encoded}</ContentTransferEncoded></Attachment>"
)


def edxml(*attachments, **head):
    """A message between offices' systems with files (name, bytes), as a program of another maker writes it."""
    head = {
        "number": "101", "notation": "SKHKT-VP", "day": "2023/03/05", "subject": "rà soát danh mục thiết bị",
        "due": "", "more": "",
    } | head  # fmt: skip
    files = [ATTACHMENT.format(name=name, encoded=base64.b64encode(data).decode()) for name, data in attachments]
    return MESSAGE.format(attachments="".join(files), **head).encode()
