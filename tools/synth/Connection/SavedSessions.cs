using System.Text.Json;

namespace SynthStudio.Cli.Connection;

/// <summary>A sign-in at a server that <c>synth login</c> keeps.</summary>
/// <param name="User">Who, <c>users/{user}</c>.</param>
/// <param name="Session">The session's name.</param>
/// <param name="RefreshToken">For the next tokens, once.</param>
/// <param name="AccessToken">Sent with calls.</param>
/// <param name="AccessTokenExpires">When it stops to work.</param>
internal sealed record SavedSession(string User, string Session, string RefreshToken, string AccessToken, DateTimeOffset AccessTokenExpires);

/// <summary>
/// Sign-ins by server, in <c>sessions.json</c> in the user's folder (<see cref="DataFolders"/>), which only they read. Commands that run at the same
/// moment take turns.
/// </summary>
internal sealed class SavedSessions
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string file;

    private SavedSessions(string file) => this.file = file;

    public static SavedSessions Default() => new(Path.Combine(DataFolders.Default().FullName, "sessions.json"));

    /// <summary>The sign-in at a server; null for none.</summary>
    public SavedSession? Find(Uri server) => Read().GetValueOrDefault(Key(server));

    /// <summary>Changes the sign-in at a server while nobody else does, and keeps what comes of it; null forgets it.</summary>
    /// <exception cref="IOException">Another command changes it all the time.</exception>
    public async Task<SavedSession?> ChangeAsync(Uri server, Func<SavedSession?, Task<SavedSession?>> change, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var turn = await LockAsync(cancellation);
        var all = Read();
        var changed = await change(all.GetValueOrDefault(Key(server)));
        if (changed is null)
        {
            all.Remove(Key(server));
        }
        else
        {
            all[Key(server)] = changed;
        }

        var draft = file + ".new";
        File.Delete(draft);
        await using (var stream = new FileStream(draft, Private(FileMode.CreateNew)))
        {
            await JsonSerializer.SerializeAsync(stream, all, Indented, cancellation);
        }

        File.Move(draft, file, overwrite: true);
        return changed;
    }

    private static string Key(Uri server) => server.GetLeftPart(UriPartial.Authority);

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private Dictionary<string, SavedSession> Read() =>
        File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, SavedSession>>(File.ReadAllText(file)) ?? [] : [];

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(file + ".lock", Private(FileMode.OpenOrCreate));
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }
}
