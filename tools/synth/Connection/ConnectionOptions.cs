using System.CommandLine;
using SynthStudio.Cli.Outcome;

namespace SynthStudio.Cli.Connection;

/// <summary>The options by which every command finds its server: a remote one, or one hosted in this process.</summary>
internal sealed class ConnectionOptions
{
    private const string DefaultProject = "default";

    public Option<string?> Server { get; } = new("--server")
    {
        Description = "Address of a SynthStudio server, for example http://localhost:5080 (or SYNTHSTUDIO_SERVER). Without it one is hosted in this process.",
        HelpName = "URL",
    };

    public Option<string?> ApiKey { get; } = new("--api-key")
    {
        Description = "API key for --server. Better: SYNTHSTUDIO_API_KEY or --key-file, which other users cannot see.",
        HelpName = "KEY",
    };

    public Option<FileInfo?> KeyFile { get; } = new("--key-file") { Description = "File whose only content is the API key for --server.", HelpName = "FILE" };

    public Option<string> Project { get; } = new("--project")
    {
        Description = "Project to work in, projects/ID or ID; made when it does not exist.", HelpName = "ID", DefaultValueFactory = _ => DefaultProject,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(ApiKey);
        command.Options.Add(KeyFile);
        command.Options.Add(Project);
    }

    /// <exception cref="BadInputException">The address is not one, or there is neither key nor sign-in.</exception>
    public ConnectionSettings Read(ParseResult parse)
    {
        var project = parse.GetValue(Project)!;
        project = project.StartsWith("projects/", StringComparison.Ordinal) ? project : "projects/" + project;
        return ReadServer(parse.GetValue(Server)) is { } address
            ? new ConnectionSettings(address, ReadKey(parse) ?? Signed(address), project)
            : new ConnectionSettings(null, null, project);
    }

    /// <summary>The server that an option names, or the environment; null for none.</summary>
    /// <exception cref="BadInputException">The address is not one.</exception>
    public static Uri? ReadServer(string? option)
    {
        var server = option ?? Variable("SYNTHSTUDIO_SERVER");
        if (server is null)
        {
            return null;
        }

        return Uri.TryCreate(server, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new BadInputException($"--server: {server} is not an address such as http://localhost:5080.");
    }

    /// <summary>Whether the project was left to us: it is made without being asked for.</summary>
    public bool IsDefaultProject(ParseResult parse) => parse.GetValue(Project) == DefaultProject;

    private Func<ValueTask<string>>? ReadKey(ParseResult parse)
    {
        var key = parse.GetValue(ApiKey) ?? Variable("SYNTHSTUDIO_API_KEY");
        if (parse.GetValue(KeyFile) is { } file)
        {
            key = file.Exists ? File.ReadAllText(file.FullName).Trim() : throw new BadInputException($"--key-file: {file} does not exist.");
        }

        return key is null ? null : () => new ValueTask<string>(key);
    }

    /// <summary>The sign-in at a server that <c>synth login</c> keeps.</summary>
    private static Func<ValueTask<string>> Signed(Uri address)
    {
        var sessions = SavedSessions.Default();
        return sessions.Find(address) is not null
            ? new SessionCredential(address, sessions).GetAsync
            : throw new BadInputException("--server needs a sign-in (synth login) or an API key: SYNTHSTUDIO_API_KEY, --key-file or --api-key.");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
