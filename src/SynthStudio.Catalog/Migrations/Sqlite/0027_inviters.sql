-- Who sent an invitation to the server: it is good while they are an administrator who is not locked out. Empty for other mails, and for invitations from before.
ALTER TABLE mail_tokens ADD COLUMN inviter TEXT NOT NULL DEFAULT '';
