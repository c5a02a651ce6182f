using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Tests;

/// <summary>Facts of a made-up project.</summary>
internal static class Made
{
    public const string Project = "projects/shop", Dataset = $"{Project}/datasets/orders", Model = $"{Project}/generators/g", Rows = $"{Project}/syntheticDatasets/rows";

    public static readonly DateTimeOffset Time = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly string Hash = new('a', 64);

    /// <summary>An empty project on a server as it comes.</summary>
    public static ProjectFacts Empty { get; } = new()
    {
        Project = Project, AsOf = Time, ProjectCreated = Time, ServerVersion = "1.2.3",
        Access = new AccessFacts(new FactSource($"{Project}/members"), [new MemberFacts("users/ann", "Owner", IsProgram: false, HasAccount: false, HasSecondFactor: false)], "Owners"),
        Retention = new RetentionFacts(new FactSource(Project, Time), new Dictionary<string, double>(), [], new Dictionary<string, string>()),
        Datasets = [], Generators = [], SyntheticDatasets = [], Evaluations = [], Receivers = [], Connections = [], Consents = [],
        Trail = new TrailFacts
        {
            Source = new FactSource($"{Project}/auditTrail", Time, Hash), Entries = 1, IsSound = true, AnchoredSequence = 1, Faults = [],
            Done = new Dictionary<string, long> { ["ProjectService/CreateProject"] = 1 }, Refused = new Dictionary<string, long>(), OfRealData = ["DatasetService/GetDatasetPreview"],
            Downloads = new Dictionary<string, long>(), RemovedByRetention = 0, Actors = 1,
        },
        Installation = new InstallationFacts
        {
            EncryptsObjects = false, UsesBucket = false, Registration = "Closed", PasswordMemoryKiB = 19456, PasswordPasses = 2,
            SessionIdleTime = TimeSpan.FromDays(14), SessionLifetime = TimeSpan.FromDays(90), SignInProviders = [], MailDelivery = "None",
            RequestsPerSecond = 0, AddressRequestsPerSecond = 0, AllowedOrigins = [], ProjectGrace = TimeSpan.FromDays(30),
            SendsWebhooks = true, LanguageModels = [],
        },
    };

    /// <summary>A project in which everything was done that this software can hold facts about.</summary>
    public static ProjectFacts Careful { get; } = Empty with
    {
        Access = Empty.Access with
        {
            Members =
            [
                new MemberFacts("users/ann", "Owner", IsProgram: false, HasAccount: true, HasSecondFactor: true),
                new MemberFacts("users/bob", "Viewer", false, true, true),
            ],
        },
        Retention = Empty.Retention with
        {
            Days = new Dictionary<string, double> { ["datasets"] = 90, ["generators"] = 90, ["synthetic_datasets"] = 30, ["evaluations"] = 90, ["evidence_packs"] = 2192 },
        },
        Datasets =
        [
            new DatasetFacts
            {
                Source = new FactSource(Dataset, Time, Hash), DisplayName = "Orders <b>", State = "Ready", Rows = 1000, IsEncrypted = true, IsExamined = true,
                Columns = [new ColumnFacts("mail", new Dictionary<string, double> { ["email"] = .99 }, "DirectIdentifier", "DirectIdentifier")],
                Anonymity = [new AnonymityFacts(new FactSource($"{Dataset}/analyses/a", Time, Hash), 20, 3, HasUniqueRows: false, HasSmallGroups: false)],
                Budgets = [new BudgetFacts("populations/p", 3, 1e-5, 1, 1, 0, 4)],
            },
        ],
        Generators =
        [
            new GeneratorFacts
            {
                Source = new FactSource(Model, Time, Hash), State = "Ready", Dataset = Dataset, Method = "mst", ModelSha256 = Hash,
                CodeVersion = "1.2.3", ConfigFingerprint = Hash,
                Promise = new PromiseFacts(1, 1e-6, "customer", 3, "add_or_remove_one", "pld", .02, []), LearnedIdentifiers = [],
            },
        ],
        SyntheticDatasets = [new SyntheticFacts(new FactSource(Rows, Time, Hash), "", "Ready", Model, Hash, 1000)],
        Evaluations = [Evaluation(new TestFacts("singling_out (univariate)", .4, IsAlarm: false, "succeeds for 1 % of training people and 1 % of others"))],
        Trail = Empty.Trail with
        {
            Done = new Dictionary<string, long>
            {
                ["ProjectService/CreateProject"] = 1, ["DatasetService/GetDatasetPreview"] = 2, ["DatasetService/DeleteDataset"] = 1, ["ProjectService/SetProjectMember"] = 1,
            },
            Refused = new Dictionary<string, long> { ["ROLE_TOO_LOW"] = 3 },
        },
        Receivers = [new ReceiverFacts(new FactSource($"{Project}/webhooks/ci", Time), "ci.example.org", IsEncrypted: true, IsOn: true)],
        Installation = Empty.Installation with { EncryptsObjects = true, RequestsPerSecond = 10, AddressRequestsPerSecond = 50 },
    };

    public static EvaluationFacts Evaluation(params TestFacts[] tests) => new()
    {
        Source = new FactSource($"{Project}/evaluations/e", Time, Hash), Dataset = Dataset, Scored = Rows, Generator = Model,
        ModelSha256 = Hash, Headline = "It behaves like the real table.", HasHoldout = true, AttackMode = "Fast",
        Scores = new Dictionary<string, double> { ["shape"] = .98 }, NotMeasured = [], Tests = [.. tests, new TestFacts("exact_copies", .5, false, "0 rows stand in training")],
        Attacks =
        [
            new AttackFacts("singling_out", "univariate", 500, .01, .01, 0, BeatsGuessing: true), new AttackFacts("linkability", "nearest row", 500, .02, .02, 0, false),
            new AttackFacts("inference", "plan", 500, .5, .5, 0, true),
        ],
    };
}
