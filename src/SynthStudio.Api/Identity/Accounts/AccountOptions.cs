using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>Who may have an account.</summary>
public enum Registration
{
    /// <summary>Nobody new.</summary>
    Closed,

    /// <summary>Whom an administrator invites, or an owner of a project to it.</summary>
    Invited,

    /// <summary>Everybody who has an address.</summary>
    Open,
}

/// <summary>How people have accounts and sign in. The attributes say what is allowed; the host checks them.</summary>
public sealed class AccountOptions
{
    private const string AnyTime = "must be a minute to ten years, for example 14.00:00:00 for fourteen days.";

    /// <summary>Who may have an account: <c>closed</c>, <c>invited</c> or <c>open</c>. Those that exist may sign in always.</summary>
    [EnumDataType(typeof(Registration), ErrorMessage = "must be closed, invited or open.")]
    public Registration Registration { get; set; } = Registration.Closed;

    /// <summary>A session that is not refreshed for so long ends.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00", ErrorMessage = AnyTime)]
    public TimeSpan SessionIdleTime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>A session ends after this in any case.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00", ErrorMessage = AnyTime)]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Memory of a password hash (Argon2id) in KiB. The default with <see cref="PasswordPasses"/> is OWASP's recommendation (Password Storage Cheat
    /// Sheet); raised, passwords are hashed anew when their owners sign in.
    /// </summary>
    [Range(19_456, 1_048_576, ErrorMessage = "must be 19456 to 1048576 KiB.")]
    public int PasswordMemoryKiB { get; set; } = 19_456;

    /// <summary>Passes of a password hash over its memory.</summary>
    [Range(2, 100, ErrorMessage = "must be 2 to 100.")]
    public int PasswordPasses { get; set; } = 2;
}
