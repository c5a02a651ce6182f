using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>A project with one of everything in it.</summary>
public sealed record Tenant
{
    public required string User { get; init; }

    public required string Key { get; init; }

    public required string Project { get; init; }

    public string Member => $"{Project}/members/{User["users/".Length..]}";

    public string Upload => $"{Project}/uploads/u";

    public string EmptyDataset => $"{Project}/datasets/u";

    public string Dataset => $"{Project}/datasets/d";

    public string Generator => $"{Project}/generators/g";

    public string Synthetic => $"{Project}/syntheticDatasets/s";

    public string Evaluation => $"{Project}/evaluations/e";

    public string Alias => $"{Project}/generatorAliases/current";

    public string Analysis => $"{Dataset}/analyses/a";

    public string EvidencePack => $"{Project}/evidencePacks/p";

    public string Job => $"{Project}/jobs/j";

    public string Webhook => $"{Project}/webhooks/w";

    public string Delivery => $"{Webhook}/deliveries/d";

    public string Connection => $"{Project}/connections/c";

    public string Transfer => $"{Project}/transfers/t";

    public required string ApiKey { get; init; }

    public required string Session { get; init; }

    public string ServiceAccount => $"{Project}/serviceAccounts/a";

    public string Invitation => $"{Project}/invitations/i";

    /// <summary>A profile as a worker writes it, of a table with a mail address, a plan and an age.</summary>
    public const string ProfileJson = """
        {"rows":3,"columns":[
          {"name":"mail","kind":"categorical","missing":0,"distinct":3,"values_withheld":true,"sensitivity":"direct_identifier",
           "personal_data":[{"kind":"email","by_name":true,"share":1,"confidence":0.99,"in_text":false,"reasons":["the column's name says so"]}]},
          {"name":"plan","kind":"categorical","missing":0,"distinct":2,"values_withheld":false,"sensitivity":"none","personal_data":[]},
          {"name":"age","kind":"integer","missing":0,"distinct":3,"values_withheld":false,"sensitivity":"quasi_identifier","personal_data":[]}]}
        """;

    /// <summary>The names of all of it.</summary>
    public IReadOnlyList<string> Names =>
    [
        User, Project, Member, Upload, EmptyDataset, Dataset, $"{Dataset}/profile", $"{Dataset}/privacyBudget", Generator, $"{Generator}/privacyReport", Synthetic,
        Evaluation, $"{Evaluation}/report", Job, ApiKey,
    ];

    /// <summary>Makes one; the data set is ready, the others stand at their beginning.</summary>
    public static async Task<Tenant> CreateAsync(ApiServer server)
    {
        var (user, key) = await server.UserAsync();
        using var client = server.Client(key);
        var tenant = new Tenant
        {
            User = user,
            Key = key,
            Project = await client.ProjectAsync(),
            ApiKey = (await client.Identity.ListApiKeysAsync(new() { Parent = user })).ApiKeys.Single().Name,
            Session = $"{user}/sessions/s{user[^20..]}",
        };
        var now = TimeProvider.System.GetUtcNow();
        var session = new SessionRecord
        {
            Id = tenant.Session.Split('/')[^1], Owner = user, Method = "password", FamilyHash = [1], TokenHash = [2], RotateTime = now,
            CreateTime = now, ExpireTime = now.AddDays(1),
        };
        await server.Get<SessionStore>().TryCreateAsync(session, password: null);
        await server.Get<ServiceAccountStore>().TryCreateAsync(
            new ServiceAccountRecord
            {
                Name = tenant.ServiceAccount, Project = tenant.Project, Owner = $"users/service-{user[^20..]}", Creator = user,
                CreateTime = now,
            },
            ProjectRole.Viewer, most: 1);
        var invitation = new InvitationRecord
        {
            Name = tenant.Invitation, Project = tenant.Project, Email = "i@example.org", EmailKey = "i@example.org", Role = ProjectRole.Viewer, Inviter = user,
            TokenHash = Guid.NewGuid().ToByteArray(), CreateTime = now, SendTime = now, ExpireTime = now.AddDays(1),
        };
        await server.Get<InvitationStore>().TryCreateAsync(invitation, most: 1);
        var content = await server.Worker.PutAsync("a,b\n1,2\n");
        await client.Uploads.CreateUploadAsync(new() { Parent = tenant.Project, UploadId = "u", Upload = new() { FileName = "t.csv" } });
        await server.Get<DatasetStore>().CreateAsync(new DatasetRecord
        {
            Name = tenant.Dataset, Project = tenant.Project, State = DatasetState.Ready, Object = content, FileName = "t.csv",
            Profile = await server.Worker.PutAsync(ProfileJson), Creator = user, CreateTime = now, UpdateTime = now,
        });
        await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "g", Generator = new() { Dataset = tenant.Dataset } });
        await server.Get<GeneratorAliasStore>().SetAsync(new GeneratorAliasRecord(tenant.Alias, $"{tenant.Project}/generators/gone", user, now));
        await server.Get<SyntheticDatasetStore>().CreateAsync(new SyntheticDatasetRecord
        {
            Name = tenant.Synthetic, Project = tenant.Project, Generator = tenant.Generator, Rows = 1, Seed = 1, State = ArtifactState.Failed,
            Job = tenant.Job, Creator = user, CreateTime = now, UpdateTime = now,
        });
        await server.Get<EvaluationStore>().CreateAsync(new EvaluationRecord
        {
            Name = tenant.Evaluation, Project = tenant.Project, Dataset = tenant.Dataset, SyntheticDataset = tenant.Synthetic,
            State = ArtifactState.Failed, Job = tenant.Job, Report = content, Creator = user, CreateTime = now, UpdateTime = now,
        });
        await server.Get<EvidencePackStore>().TryCreateAsync(
            new EvidencePackRecord
            {
                Name = tenant.EvidencePack, Project = tenant.Project, Frameworks = ["gdpr"], Number = 1, FactsSha256 = content.Sha256,
                Summary = new Dictionary<string, int> { ["gdpr/Gap"] = 1 },
                Files = new Dictionary<string, ObjectRef>
                {
                    ["Html"] = content, ["Markdown"] = content, ["Json"] = await server.Worker.PutAsync("{}"),
                },
                Creator = user, CreateTime = now,
            },
            most: 1);
        await server.Get<WebhookStore>().TryCreateAsync(
            new WebhookRecord
            {
                Name = tenant.Webhook, Project = tenant.Project, Url = "https://example.org/", Disabled = true, Salt = WebhookSecrets.NewSalt(), Creator = user,
                CreateTime = now, UpdateTime = now,
            },
            most: 1);
        await server.Get<WebhookStore>().NoteAsync(tenant.Webhook, WebhookEvent.Ping(tenant.Webhook, "d", now));
        var endpoint = new TransferEndpoint { Bucket = new BucketAddress("https://storage.example.org", "us-east-1", "bucket", "key") };
        var connections = server.Get<ConnectionStore>();
        await connections.TryCreateAsync(
            new ConnectionRecord
            {
                Name = tenant.Connection, Project = tenant.Project, Endpoint = endpoint,
                SealedSecret = connections.Seal("secret", tenant.Connection), Creator = user, CreateTime = now,
            },
            most: 1);
        await server.Get<TransferStore>().TryCreateAsync(
            new TransferRecord
            {
                Name = tenant.Transfer, Project = tenant.Project, Creator = user, CreateTime = now, Endpoint = endpoint,
                State = TransferState.Cancelled, EndTime = now,
                Spec = new TransferSpec { Connection = $"{tenant.Project}/connections/gone", Object = new ObjectImport($"{tenant.Project}/uploads/gone", $"{tenant.Project}/datasets/gone", "k", "") },
            },
            most: 1);
        await server.Get<AnalysisStore>().CreateAsync(new AnalysisRecord
        {
            Name = tenant.Analysis, Project = tenant.Project, Dataset = tenant.Dataset, State = ArtifactState.Failed, Job = tenant.Job,
            Creator = user, CreateTime = now, UpdateTime = now,
        });
        await server.Get<IGrainFactory>().GetGrain<IJobGrain>(tenant.Job).SubmitAsync(new JobSubmission(
            tenant.Dataset, new ProfilingSpec { Data = new DataInput(content, "t.csv", "") }, 3, WorkRequirements.Any));
        return tenant;
    }
}
