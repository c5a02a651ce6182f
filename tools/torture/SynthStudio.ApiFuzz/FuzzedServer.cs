using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using SynthStudio.Testing.LanguageModels;

namespace SynthStudio.ApiFuzz;

/// <summary>
/// A server in a process of its own, with a language model that answers this and that, mails into files and open registration, so that no part of the API is
/// switched off; and for each method a project with one of everything.
/// </summary>
internal sealed class FuzzedServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServedProcess _process;
    private readonly LanguageModelServer _model;

    private FuzzedServer(TemporaryFolder folder, ServedProcess process, LanguageModelServer model) => (_folder, _process, _model) = (folder, process, model);

    public static async Task<FuzzedServer> StartAsync()
    {
        var folder = new TemporaryFolder();
        var model = await LanguageModelServer.StartAsync(Script);
        var process = await ServedProcess.StartHostAsync(folder["data"], Path.Combine(folder["data"], "admin.key"), new Dictionary<string, string>
        {
            ["Api:Features:Assistant"] = "true", ["Api:Assistant:Providers:0:Id"] = "played", ["Api:Assistant:Providers:0:Address"] = model.Address,
            ["Api:Assistant:Providers:0:Model"] = "m", ["Api:Assistant:Providers:0:ApiKey"] = "sk-played", ["Api:Accounts:Registration"] = "Open",
            ["Api:Mail:Delivery"] = "File", ["Api:Mail:From"] = "studio@example.org", ["Api:Mail:Folder"] = folder["mails"],
        });
        return new FuzzedServer(folder, process, model);
    }

    /// <summary>Sends the messages of one method, by an owner, an administrator and nobody.</summary>
    public async Task<FuzzReport> FuzzAsync(FuzzTarget target, int messages, int seed, TimeSpan limit)
    {
        var (ownerKey, names) = await PrepareAsync();
        using var owner = ServedProcess.Connect(_process.Grpc, ownerKey);
        using var admin = ServedProcess.Connect(_process.Grpc, await KeyAsync(UserRole.Admin));
        using var nobody = GrpcChannel.ForAddress(_process.Grpc);
        CallInvoker[] callers =
        [
            .. Enumerable.Repeat(owner.CreateCallInvoker(), 6),
            admin.CreateCallInvoker(), admin.CreateCallInvoker(), nobody.CreateCallInvoker(),
        ];
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
        await _model.DisposeAsync();
        _folder.Dispose();
    }

    public override string ToString() => _process.ToString();

    /// <summary>What the language model answers: mostly something that can be used, sometimes a look, a refusal, noise or a broken stream.</summary>
    private static Reply Script(Asked asked, int number) => (number % 12) switch
    {
        < 3 => Reply.Says("It has three rows."),
        < 5 => Reply.Says("""{"columns":{"id":{"type":"sequence"},"ward":{"type":"category","values":{"north":3,"south":1}}}}"""),
        < 7 => Reply.Says("""{"columns":[{"name":"a","content":"age","sensitivity":"quasi_identifier","confidence":"high","reason":"its name"}]}"""),
        7 => Reply.Calls(("list_datasets", "{}"), ("show_dataset", """{"dataset":"../../x"}""")),
        8 => Reply.Refuses("No."),
        9 => Reply.Sends("data: {\"choices\": [[[\n\n"),
        10 => Reply.BreaksOff("It has"),
        _ => Reply.Says(new string('x', 5000)),
    };

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
            who.User.Name, $"{who.User.Name}/account", $"{who.User.Name}/apiKeys/x", project, $"{project}/members/{who.User.Name.Split('/')[1]}", $"{project}/assistant",
            $"{project}/dataPolicy", $"{project}/usage", open.Name, dataset.Name, dataset.Job,
            $"{dataset.Name}/profile", $"{dataset.Name}/privacyBudget", $"{dataset.Name}/sensitivity", $"{dataset.Name}/preview", $"{dataset.Name}/assistantConsent",
            generator.Name, $"{generator.Name}/health", $"{generator.Name}/privacyReport", $"{generator.Name}/modelCard", $"{project}/syntheticDatasets/s", $"{project}/evaluations/e", $"{project}/evaluations/e/report",
            .. await PrepareFurtherAsync(channel, project, dataset.Name),
        ]);
    }

    /// <summary>The names of an analysis, evidence pack, connection, transfer, webhook, invitation and service account, of which each is new.</summary>
    private static async Task<IReadOnlyList<string>> PrepareFurtherAsync(GrpcChannel channel, string project, string dataset)
    {
        var analysis = await new AnalysisService.AnalysisServiceClient(channel).CreateAnalysisAsync(
            new CreateAnalysisRequest { Parent = dataset, Analysis = new Analysis { IdentifyingColumns = new IdentifyingColumns() } });
        var pack = await new EvidenceService.EvidenceServiceClient(channel).CreateEvidencePackAsync(
            new CreateEvidencePackRequest { Parent = project, EvidencePack = new EvidencePack() });
        var connection = await new ConnectionService.ConnectionServiceClient(channel).CreateConnectionAsync(new CreateConnectionRequest
        {
            Parent = project,
            Connection = new Connection { Bucket = new BucketEndpoint { Url = "https://bucket.example.org", Bucket = "bucket", AccessKey = "key", SecretKey = "secret" } },
        });
        var transfer = await new TransferService.TransferServiceClient(channel).CreateTransferAsync(
            new CreateTransferRequest
            {
                Parent = project,
                Transfer = new Transfer { Connection = connection.Name, ObjectImport = new ObjectImport { Key = "x.csv" } },
            });
        var webhook = await new WebhookService.WebhookServiceClient(channel).CreateWebhookAsync(
            new CreateWebhookRequest { Parent = project, Webhook = new Webhook { Url = "https://hooks.example.org/x" } });
        var invitation = await new InvitationService.InvitationServiceClient(channel).CreateInvitationAsync(
            new CreateInvitationRequest { Parent = project, Invitation = new Invitation { Email = $"{Guid.NewGuid():N}@example.org", Role = ProjectRole.Viewer } });
        var account = await new ServiceAccountService.ServiceAccountServiceClient(channel).CreateServiceAccountAsync(
            new CreateServiceAccountRequest { Parent = project, ServiceAccount = new ServiceAccount { Role = ProjectRole.Viewer } });
        return [analysis.Name, $"{analysis.Name}/result", pack.Name, connection.Name, transfer.Name, webhook.Webhook.Name, invitation.Name, account.Name];
    }
}
