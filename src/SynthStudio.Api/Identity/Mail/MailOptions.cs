using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Api.Identity.Mail;

/// <summary>Where mails go.</summary>
public enum MailDelivery
{
    /// <summary>Nowhere: what needs a mail is refused.</summary>
    None,

    /// <summary>To a mail server.</summary>
    Smtp,

    /// <summary>Into files, for development.</summary>
    File,
}

/// <summary>How the connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>TLS that begins after the greeting; without it nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>Not at all; for a server on the same machine.</summary>
    None,
}

/// <summary>How mails are sent. The attributes say what is allowed; the host checks them.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary><c>none</c>, <c>smtp</c> or <c>file</c>.</summary>
    [EnumDataType(typeof(MailDelivery), ErrorMessage = "must be none, smtp or file.")]
    public MailDelivery Delivery { get; set; }

    /// <summary>The sender, for example <c>SynthStudio &lt;studio@example.org&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>The mail server.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port of the mail server.</summary>
    [Range(1, 65535, ErrorMessage = "must be 1 to 65535.")]
    public int Port { get; set; } = 587;

    /// <summary><c>startTls</c>, <c>tls</c> or <c>none</c>.</summary>
    [EnumDataType(typeof(MailSecurity), ErrorMessage = "must be startTls, tls or none.")]
    public MailSecurity Security { get; set; }

    /// <summary>Who signs in at the mail server; empty for nobody.</summary>
    public string User { get; set; } = "";

    /// <summary>Their password.</summary>
    [DataType(DataType.Password)]
    public string Password { get; set; } = "";

    /// <summary>Folder that mails are written into, readable by the server's user only.</summary>
    public string Folder { get; set; } = "";

    /// <summary>
    /// Page that completes registrations and sets passwords; the token is put behind it as a fragment, which browsers send to no server. Empty
    /// names the commands of <c>synth account</c> instead.
    /// </summary>
    public string Page { get; set; } = "";

    /// <summary>What the chosen delivery needs.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Delivery == MailDelivery.Smtp && Host.Length == 0) yield return new ValidationResult("is not set; delivery by smtp needs it.", [nameof(Host)]);
        if (Delivery == MailDelivery.File && Folder.Length == 0) yield return new ValidationResult("is not set; delivery into files needs it.", [nameof(Folder)]);
        if (Delivery != MailDelivery.None && !MimeKit.MailboxAddress.TryParse(From, out _))
            yield return new ValidationResult("must be the sender's address, for example SynthStudio <studio@example.org>.", [nameof(From)]);
        if (Security == MailSecurity.None && Password.Length > 0)
            yield return new ValidationResult("is none, but there is a password, which would be sent in plain text.", [nameof(Security)]);
        if (Page.Length > 0 && !(Uri.TryCreate(Page, UriKind.Absolute, out var page) && page.Scheme is "https" or "http"))
            yield return new ValidationResult("must be an address such as https://studio.example.org/account.", [nameof(Page)]);
    }
}
