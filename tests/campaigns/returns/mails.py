"""Mails as they come back."""


def report(message, *, action="failed", status="5.1.1", recipient=None, diagnosis="550 5.1.1 No such user") -> bytes:
    """A delivery report (RFC 3464) about a message of ours."""
    recipient = recipient or message.detail.address
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.test
To: lettre@example.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

It did not work.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnosis}

--B
Content-Type: text/rfc822-headers

From: lettre@example.test
Message-ID: <{message.message_id.hex}@example.test>

--B--
""".encode()


def complaint(message, feedback="abuse") -> bytes:
    """A complaint (RFC 5965) about a message of ours."""
    return f"""\
From: feedback@isp.example.test
To: lettre@example.test
Subject: FW: Nos nouveautes
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

An abuse report.

--B
Content-Type: message/feedback-report

Feedback-Type: {feedback}
User-Agent: Reports/1.0
Version: 1
Original-Rcpt-To: <{message.detail.address}>

--B
Content-Type: message/rfc822

From: lettre@example.test
Message-ID: <{message.message_id.hex}@example.test>
Subject: Nos nouveautes

Bonjour
--B--
""".encode()


def reply(message, text, *, subject="Re: Nos nouveautés", **headers) -> bytes:
    """What a person writes back."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"""\
From: Zoé <{message.detail.address}>
To: bonjour@example.test
Subject: {subject}
In-Reply-To: <{message.message_id.hex}@example.test>
Content-Type: text/plain; charset=utf-8
{more}
{text}

Le 3 mars 2026 à 09:12, Maison Exemple <lettre@example.test> a écrit :
> Pour vous désabonner, cliquez ici.
""".encode()
