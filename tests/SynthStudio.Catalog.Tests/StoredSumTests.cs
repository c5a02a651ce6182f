using System.Text.Json.Nodes;

namespace SynthStudio.Catalog.Tests;

/// <summary>
/// The sum that the database keeps of what projects store is that of the rows, whatever was done, by however many at once, and whatever
/// broke off.
/// </summary>
public abstract class StoredSumTests(Provider provider)
{
    private static readonly string[] Projects = [TestCatalog.Project, "projects/other"];

    /// <summary>Every column with references to objects, its rows' kind, and whether they were deleted.</summary>
    private static readonly (string Table, string Column, bool IsJob, string DeleteTime)[] Columns =
    [
        ("datasets", "object", false, "delete_time"), ("datasets", "profile", false, "delete_time"), ("datasets", "preview", false, "delete_time"), ("analyses", "result", false, "NULL"),
        ("generators", "snapshot", false, "delete_time"), ("synthetic_datasets", "parts", false, "delete_time"), ("evaluations", "report", false, "NULL"),
        ("evidence_packs", "files", false, "NULL"), ("jobs", "snapshot", true, "NULL"),
    ];

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>
    /// Statements for a database from before there was a sum: objects of 100, 20 and 7 bytes, of which a job and a data set share the first
    /// and the last is of a deleted one.
    /// </summary>
    internal static IReadOnlyList<string> RowsOfBefore { get; } =
    [
        $"INSERT INTO jobs (name, project, kind, owner, subject, state, create_time, version, snapshot) VALUES ('projects/p/jobs/j', 'projects/p', 'Training', '', '', 'Succeeded', 0, 1, '{{\"needs\":[{Json('a', 100)}],\"parts\":[{{\"content\":{Json('b', 20)}}}]}}')",
        Dataset("d", $"'{Json('a', 100)}'", "NULL"), Dataset("gone", $"'{Json('c', 7)}'", "5"), Dataset("empty", "NULL", "NULL"),
    ];

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    private ProjectStorage Storage => _catalog.Get<ProjectStorage>();

    [TestInitialize]
    public async Task OpenAsync()
    {
        _catalog = await TestCatalog.CreateAsync(provider);
        await _catalog.AddUserAsync("u");
        foreach (var name in Projects)
            await _catalog.Get<ProjectStore>().CreateAsync(new ProjectRecord { Name = name, Creator = "users/u", CreateTime = Now, UpdateTime = Now }, Cancellation);
    }

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public async Task After_whatever_is_done_the_sum_is_what_a_recount_finds(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 150; i++)
        {
            await DoAsync(random, Projects[random.Next(2)], "");
            if (i % 10 == 9) await AssertIsRecountAsync($"seed {seed}, after {i + 1}");
        }
    }

    [TestMethod]
    public async Task Many_at_once_that_share_objects_leave_the_sum_of_the_rows()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var random = new Random(100 + writer);
            for (var i = 0; i < 25; i++) await DoAsync(random, TestCatalog.Project, $"-{writer}");
        })));

        await AssertIsRecountAsync("at once");
    }

    [TestMethod]
    public async Task What_breaks_off_before_its_end_leaves_the_sum_as_it_was()
    {
        await _catalog.Get<ICatalogProjector>().ProjectAsync(Job(TestCatalog.Project, "j", 1, Object('a'), Object('b')), Cancellation);
        var before = await Storage.ReadAsync(TestCatalog.Project, Cancellation);
        await using (var connection = await _catalog.Database.OpenConnectionAsync(Cancellation))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await connection.Command("UPDATE jobs SET snapshot = '{}'").ExecuteAsync(Cancellation);
            await connection.Command(RowsOfBefore[1]).ExecuteAsync(Cancellation);
            if (provider == Provider.Postgres) await connection.Command("SET CONSTRAINTS ALL IMMEDIATE").ExecuteAsync(Cancellation); // It died as late as it can.
        }

        Assert.AreEqual(before, await Storage.ReadAsync(TestCatalog.Project, Cancellation));
        await AssertIsRecountAsync("broken off");
        Assert.AreEqual(Size('a') + Size('b'), before.Stored);
    }

    [TestMethod]
    public async Task What_users_write_like_one_is_no_object()
    {
        var written = new Dictionary<string, string> { ["key"] = "sha256/ff", ["sha256"] = "ff", ["size"] = "5" };
        var generator = Generator(TestCatalog.Project, "g", new Random(1), Object('a'), Object('b')) with { DeleteTime = null };
        generator = generator with { Definition = generator.Definition with { Training = generator.Definition.Training with { Options = written } } };

        await _catalog.Get<ICatalogProjector>().ProjectAsync(generator, Cancellation);

        Assert.AreEqual(new StoredBytes(Size('a') + Size('b'), 0, 0), await Storage.ReadAsync(TestCatalog.Project, Cancellation));
    }

    /// <summary>One thing that happens to what a project keeps; what cannot happen now does not.</summary>
    private async Task DoAsync(Random random, string project, string writer)
    {
        var (datasets, projector) = (_catalog.Get<DatasetStore>(), _catalog.Get<ICatalogProjector>());
        var id = $"{(char)('k' + random.Next(4))}{writer}";
        var (one, other) = (Object((char)('a' + random.Next(6))), Object((char)('a' + random.Next(6))));
        var dataset = await datasets.FindAnyAsync($"{project}/datasets/{id}", Cancellation);
        switch (random.Next(13))
        {
            case 0 or 1 when dataset is null:
                await datasets.CreateAsync(
                    _catalog.NewDataset(id) with
                    {
                        Name = $"{project}/datasets/{id}", Project = project, Object = one, Profile = random.Next(2) == 0 ? other : null,
                    },
                    Cancellation);
                break;
            case 2 when dataset is not null:
                await datasets.UpdateAsync(dataset with { Profile = other, Preview = one }, Cancellation);
                break;
            case 3 when dataset is not null:
                await datasets.UpdateAsync(
                    dataset with
                    {
                        DeleteTime = dataset.DeleteTime is null ? Now : null, PurgeTime = dataset.DeleteTime is null ? Now : null,
                    },
                    Cancellation);
                break;
            case 4 when dataset is not null:
                await datasets.PurgeAsync(dataset.Name, Now, Cancellation);
                break;
            case 5 or 6 or 7: // Older ones come late, and change nothing.
                await projector.ProjectAsync(Job(project, id, random.Next(1, 30), one, other), Cancellation);
                break;
            case 8:
                await _catalog.Get<JobIndex>().DeleteAsync($"{project}/jobs/{id}", Cancellation);
                break;
            case 9:
                await projector.ProjectAsync(Generator(project, id, random, one, other), Cancellation);
                break;
            case 10:
                await _catalog.Get<GeneratorIndex>().PurgeAsync($"{project}/generators/{id}", Now, Cancellation);
                break;
            case 11:
                var packs = _catalog.Get<EvidencePackStore>();
                if (!await packs.DeleteAsync($"{project}/evidencePacks/{id}", Cancellation)) await packs.TryCreateAsync(Pack(project, id, one), most: 100, Cancellation);
                break;
            case 12:
                var parts = _catalog.Get<SyntheticDatasetStore>();
                if (!await parts.DeleteAsync($"{project}/syntheticDatasets/{id}", cancellation: Cancellation)) await parts.CreateAsync(Synthetic(project, id, one, other), Cancellation);
                break;
        }
    }

    private async Task AssertIsRecountAsync(string when)
    {
        foreach (var project in Projects)
        {
            var (sizes, live, deleted) = (new Dictionary<string, long>(), new HashSet<string>(), new HashSet<string>());
            foreach (var (table, column, isJob, deleteTime) in Columns)
            {
                foreach (var (text, time) in await _catalog.Database.ReadAsync(
                    $"SELECT {column}, CAST({deleteTime} AS bigint) FROM {table} WHERE project = @project AND {column} IS NOT NULL", row => (row.GetString(0), row.FindTime(1)), Cancellation, ("@project", project)))
                {
                    foreach (var (key, size) in References(JsonNode.Parse(text)))
                    {
                        sizes[key] = size;
                        if (!isJob) (time is null ? live : deleted).Add(key);
                    }
                }
            }

            var counted = new StoredBytes(sizes.Values.Sum(), deleted.Except(live).Sum(key => sizes[key]), 0);
            Assert.AreEqual(counted, await Storage.ReadAsync(project, Cancellation), $"{project}: {when}");
        }
    }

    private static IEnumerable<(string Key, long Size)> References(JsonNode? node) => node switch
    {
        JsonObject item when item["key"] is JsonValue key && item["size"] is JsonValue size => [((string)key!, (long)size)],
        JsonObject item => item.SelectMany(field => References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private JobSnapshot Job(string project, string id, long version, params ObjectRef[] objects) => new()
    {
        Name = $"{project}/jobs/{id}", Kind = WorkKind.Training, Subject = $"{project}/generators/{id}", State = WorkState.Running, CreateTime = Now, Version = version,
        Needs = objects[..1], Parts = [.. objects.Select((made, i) => new PartRef(i, 1, made))],
        Result = new WorkResult(objects.Take(1).ToDictionary(_ => "model"), new Dictionary<string, double>()),
    };

    private GeneratorSnapshot Generator(string project, string id, Random random, ObjectRef learned, ObjectRef model) => new()
    {
        Name = $"{project}/generators/{id}", State = GeneratorState.Ready, Model = model, Accountant = new(false, []), CreateTime = Now, UpdateTime = Now, Version = random.Next(1, 30),
        DeleteTime = random.Next(2) == 0 ? Now : null,
        Definition = new GeneratorDefinition
        {
            Dataset = $"{project}/datasets/gone", Creator = "users/u", Requirements = WorkRequirements.Any,
            Training = new TrainingSpec { Data = new DataInput(learned, "t.csv", ""), Method = "autoregressive", Options = new Dictionary<string, string> { ["key"] = "sha256/ff" } },
        },
    };

    private EvidencePackRecord Pack(string project, string id, ObjectRef page) => new()
    {
        Name = $"{project}/evidencePacks/{id}", Project = project, Frameworks = [], Number = 1, FactsSha256 = "", Summary = new Dictionary<string, int>(),
        Files = new Dictionary<string, ObjectRef> { ["Html"] = page }, Creator = "users/u", CreateTime = Now,
    };

    private SyntheticDatasetRecord Synthetic(string project, string id, params ObjectRef[] parts) => new()
    {
        Name = $"{project}/syntheticDatasets/{id}", Project = project, Generator = $"{project}/generators/g", Rows = 2, Seed = 1, State = ArtifactState.Ready, Job = $"{project}/jobs/{id}",
        Creator = "users/u", CreateTime = Now, UpdateTime = Now, Parts = [.. parts.Select((part, i) => new PartRef(i, 1, part))],
    };

    private static ObjectRef Object(char digit) => new(Key(digit), Sha256(digit), Size(digit), "text/csv");

    private static string Sha256(char digit) => string.Concat(Enumerable.Repeat($"{(int)digit:x2}", 32));

    private static string Key(char digit) => $"sha256/{Sha256(digit)[..2]}/{Sha256(digit)}";

    /// <summary>Of every object another one, so that no two sums are alike.</summary>
    private static long Size(char digit) => 1L << (digit - 'a');

    private static string Json(char digit, long size) => $$"""{"key":"{{Key(digit)}}","sha256":"{{Sha256(digit)}}","size":{{size}},"mediaType":"text/csv"}""";

    private static string Dataset(string id, string content, string deleted) => $"""
        INSERT INTO datasets (name, project, display_name, state, object, file_name, schema_json, profile_job, creator, create_time, update_time, version, declared_schema_json, withheld, delete_time)
        VALUES ('projects/p/datasets/{id}', 'projects/p', '', 'Ready', {content}, 't.csv', '', '', 'users/u', 0, 0, 1, '', false, {deleted})
        """;
}
