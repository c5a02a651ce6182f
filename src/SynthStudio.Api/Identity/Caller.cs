using SynthStudio.Catalog;

namespace SynthStudio.Api.Identity;

/// <summary>What a key or token may be used for, each more than the one before.</summary>
public enum AccessScope
{
    Read,
    Write,

    /// <summary>All that its user may do.</summary>
    Admin,
}

/// <summary>Who calls.</summary>
/// <param name="User">Resource name, <c>users/{user}</c>.</param>
/// <param name="Role">What they may do outside of projects.</param>
/// <param name="Scope">What the key or token is limited to.</param>
/// <param name="KeyId">The API key, or the one that the token was made from, or the session.</param>
/// <param name="ExpireTime">When the key or token stops to work; the end of time for never.</param>
public sealed record Caller(string User, UserRole Role, AccessScope Scope, string KeyId, DateTimeOffset ExpireTime)
{
    private static readonly object StateKey = new();

    /// <summary>An administrator. What the credential is good for is checked by its scope.</summary>
    public bool IsAdmin => Role == UserRole.Admin;

    /// <summary>Who calls with what a mail to them brought.</summary>
    /// <param name="user">Whom the mail was for, or who is made with it.</param>
    /// <param name="expires">When it stops to be good.</param>
    internal static Caller OfMail(UserRecord user, DateTimeOffset expires) => new(user.Name, user.Role, AccessScope.Admin, "mail", expires);

    /// <summary>The caller of a call that needs one.</summary>
    /// <exception cref="InvalidOperationException">The call is public: its rule asks for no caller.</exception>
    public static Caller Of(ServerCallContext context) => context.UserState.TryGetValue(StateKey, out var caller)
        ? (Caller)caller
        : throw new InvalidOperationException($"{context.Method} is public and has no caller.");

    /// <summary>The caller of a call; null while, or because, there is none.</summary>
    public static Caller? Find(ServerCallContext context) => context.UserState.TryGetValue(StateKey, out var caller) ? (Caller)caller : null;

    internal void AttachTo(ServerCallContext context) => context.UserState[StateKey] = this;
}
