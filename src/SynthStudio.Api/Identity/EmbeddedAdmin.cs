using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Identity;

/// <summary>The administrator of a server that runs on its user's own machine: made at the first start, its key in a file that only the user reads.</summary>
public sealed class EmbeddedAdmin(UserStore users, ApiKeyIssuer issuer, ApiKeyStore keys, AuditNotes notes, TimeProvider time, ILogger<EmbeddedAdmin> log)
{
    public const string UserName = "users/admin";

    /// <summary>
    /// Answers the key in <paramref name="file"/>; makes user, key and file first where they are missing or the key does
    /// not work. Empty where the user is locked out: other administrators wanted them to have no key, and what is in the
    /// file, which works no more, is removed.
    /// </summary>
    public async Task<string> EnsureAsync(string file, CancellationToken cancellation = default)
    {
        var known = await users.FindAsync(UserName, cancellation);
        if (known is { Disabled: true })
        {
            if (File.Exists(file)) File.Delete(file);
            log.AdminLockedOut(UserName, file);
            return "";
        }

        if (known is null)
        {
            await NoteAsync("IdentityService/CreateUser", "role=admin", cancellation);
            await users.CreateAsync(new UserRecord { Name = UserName, DisplayName = "Administrator", Role = UserRole.Admin, CreateTime = time.Now() }, cancellation);
        }

        if (File.Exists(file) && (await File.ReadAllTextAsync(file, cancellation)).Trim() is var kept && await WorksAsync(kept, cancellation))
            return kept;

        await NoteAsync("IdentityService/CreateApiKey", "scope=admin", cancellation);
        var (_, text) = await issuer.IssueAsync(UserName, "made at the first start", AccessScope.Admin, expires: null, cancellation: cancellation);
        await WritePrivateAsync(file, text, cancellation);
        log.AdminCreated(UserName, file);
        return text;
    }

    /// <summary>Before it is done: what cannot be noted gives nobody rights.</summary>
    private Task NoteAsync(string method, string detail, CancellationToken cancellation) => notes.AppendAsync(
        AuditTrail.Server, new AuditEvent { Actor = "system", Method = method, Resource = UserName, Detail = detail, Outcome = "OK" }, cancellation);

    private async Task<bool> WorksAsync(string text, CancellationToken cancellation) =>
        ApiKeyText.Parse(text) is { } key && await keys.FindAsync(key.Id, cancellation) is { } found
        && key.Matches(found.Key.SecretHash) && found.Key.IsValid(time.Now());

    /// <summary>Writes a file that is never readable by others, not even while it is written.</summary>
    private static async Task WritePrivateAsync(string file, string text, CancellationToken cancellation)
    {
        var temporary = file + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(temporary, options))
        await using (var writer = new StreamWriter(stream))
            await writer.WriteLineAsync(text.AsMemory(), cancellation);
        File.Move(temporary, file, overwrite: true);
    }
}
