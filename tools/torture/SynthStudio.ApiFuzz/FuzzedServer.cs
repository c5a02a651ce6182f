using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;

namespace SynthStudio.ApiFuzz;

/// <summary>A server in a process of its own that does no work, so that nothing but the API is fuzzed, and for each method a project with one of everything.</summary>
internal sealed class FuzzedServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServedProcess _process;

    private FuzzedServer(TemporaryFolder folder, ServedProcess process) => (_folder, _process) = (folder, process);

    public static async Task<FuzzedServer> StartAsync()
    {
        var folder = new TemporaryFolder();
        return new FuzzedServer(folder, await ServedProcess.StartAsync(folder["data"]));
    }

    /// <summary>Sends the messages of one method, by an owner, an administrator and nobody.</summary>
    public async Task<FuzzReport> FuzzAsync(FuzzTarget target, int messages, int seed, TimeSpan limit)
    {
        var (ownerKey, names) = await PrepareAsync();
        using var owner = ServedProcess.Connect(_process.Grpc, ownerKey);
        using var admin = ServedProcess.Connect(_process.Grpc, await KeyAsync(UserRole.Admin));
        using var nobody = GrpcChannel.ForAddress(_process.Grpc);
        CallInvoker[] callers = [.. Enumerable.Repeat(owner.CreateCallInvoker(), 6), admin.CreateCallInvoker(), admin.CreateCallInvoker(), nobody.CreateCallInvoker()];
        var fuzzer = new Fuzzer { Seed = seed, Callers = callers, Names = names, Check = new AnswerCheck([_folder.Path]), Limit = limit };
        return await fuzzer.RunAsync(target, messages);
    }

    public Task<bool> IsHealthyAsync() => _process.IsHealthyAsync();

    /// <summary>Lines of the server's log at level error or above.</summary>
    public IReadOnlyList<string> LoggedErrors() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(_process.DataFolder, "logs"), "*.json")
            .SelectMany(ReadShared)
            .Where(line => JsonDocument.Parse(line).RootElement.TryGetProperty("@l", out var level) && level.GetString() is "Error" or "Fatal"),
    ];

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    public override string ToString() => _process.ToString();

    private static IEnumerable<string> ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private async Task<string> KeyAsync(UserRole role)
    {
        var identity = new IdentityService.IdentityServiceClient(_process.Channel);
        var user = await identity.CreateUserAsync(new CreateUserRequest { User = new User { Role = role } });
        return (await identity.CreateApiKeyAsync(new CreateApiKeyRequest { Parent = user.Name, ApiKey = new ApiKey { Scope = Scope.Admin } })).Secret;
    }

    /// <summary>A new owner's key, and the names of what they have.</summary>
    private async Task<(string Key, IReadOnlyList<string> Names)> PrepareAsync()
    {
        var key = await KeyAsync(UserRole.User);
        using var channel = ServedProcess.Connect(_process.Grpc, key);
        var studio = new Studio(channel);
        var project = await studio.CreateProjectAsync();
        var who = await new IdentityService.IdentityServiceClient(channel).WhoAmIAsync(new WhoAmIRequest());
        var dataset = await studio.UploadAsync(project, "table.csv", "a,b\n1,2\n3,4\n5,6\n"u8.ToArray());
        var open = await studio.CreateUploadAsync(project, "open.csv");
        var generator = await studio.CreateGeneratorAsync(project, dataset.Name, TimeSpan.FromSeconds(5));
        return (key,
        [
            who.User.Name, project, $"{project}/members/{who.User.Name.Split('/')[1]}", open.Name, dataset.Name, $"{dataset.Name}/profile", $"{dataset.Name}/privacyBudget", dataset.Job,
            generator.Name, $"{generator.Name}/privacyReport", $"{project}/syntheticDatasets/s", $"{project}/evaluations/e", $"{project}/evaluations/e/report", $"{who.User.Name}/apiKeys/x",
        ]);
    }
}
