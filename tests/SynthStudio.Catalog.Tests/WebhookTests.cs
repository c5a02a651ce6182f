using SynthStudio.Catalog.Transfers;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Catalog.Tests;

/// <summary>An event is noted with what happened, once for each webhook that wants it, and stays until it was sent or given up.</summary>
public abstract class WebhookTests(Provider provider)
{
    private const string Project = "projects/p";
    private const string Hook = Project + "/webhooks/w";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly ReceiverHealth Fine = new(0, TimeSpan.Zero, IsGone: false);

    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private WebhookStore Store => _catalog.Get<WebhookStore>();

    private DeliveryQueue Queue => _catalog.Get<DeliveryQueue>();

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task The_end_of_a_job_is_noted_once_for_whom_it_concerns()
    {
        await AddAsync("w", "training.*");
        await AddAsync("other-kind", "generation.succeeded");
        await AddAsync("all");
        await AddAsync("off", disabled: true);
        await Store.TryCreateAsync(New("projects/q", "w"), 9, Cancellation);
        var job = Job(WorkState.Running);
        await _catalog.Get<ICatalogProjector>().ProjectAsync(job, Cancellation);
        var ended = job with { State = WorkState.Failed, Error = new WorkError(WorkErrorClass.User, "BAD_TABLE", "Column secret has 17 mistakes."), EndTime = DateTimeOffset.UnixEpoch, Version = 2 };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _catalog.Get<ICatalogProjector>().ProjectAsync(ended, Cancellation)));
        await _catalog.Get<ICatalogProjector>().ProjectAsync(ended with { Version = 3 }, Cancellation);

        var delivery = (await DeliveriesAsync(Hook)).Single();
        Assert.AreEqual(("training.failed", DeliveryState.Pending), (delivery.Type, delivery.State));
        Assert.AreEqual(
            $$$"""{"specversion":"1.0","id":"{{{delivery.Name.Split('/')[^1]}}}","source":"/projects/p","type":"dev.synthstudio.training.failed","subject":"projects/p/generators/g","time":"1970-01-01T00:00:00+00:00","datacontenttype":"application/json","data":{"job":"projects/p/jobs/j","subject":"projects/p/generators/g","state":"FAILED","error_reason":"BAD_TABLE"}}""",
            delivery.Body);
        Assert.HasCount(1, await DeliveriesAsync(Project + "/webhooks/all"));
        foreach (var name in (string[])[Project + "/webhooks/other-kind", Project + "/webhooks/off", "projects/q/webhooks/w"]) Assert.IsEmpty(await DeliveriesAsync(name), name);
    }

    [TestMethod]
    public async Task The_step_of_a_download_or_export_is_no_event()
    {
        await AddAsync("all", "*");
        await AddAsync("w");
        var ended = Job(WorkState.Succeeded) with { EndTime = DateTimeOffset.UnixEpoch, Version = 2 };
        await _catalog.Get<ICatalogProjector>().ProjectAsync(
            ended with { Name = Project + "/jobs/extraction", Kind = WorkKind.Extraction, Subject = Project + "/datasets/d" },
            Cancellation);
        foreach (var name in (string[])[Hook, Project + "/webhooks/all"]) Assert.IsEmpty(await DeliveriesAsync(name), name);
        Assert.IsNotNull(
            await _catalog.Get<JobIndex>().FindAsync(Project + "/jobs/extraction", Cancellation),
            "Jobs are listed all the same.");

        await _catalog.Get<ICatalogProjector>().ProjectAsync(
            ended with { Name = Project + "/jobs/profiling", Kind = WorkKind.Profiling, Subject = Project + "/datasets/d" },
            Cancellation);
        foreach (var name in (string[])[Hook, Project + "/webhooks/all"])
            Assert.AreEqual("profiling.succeeded", (await DeliveriesAsync(name)).Single().Type);
        Assert.IsFalse(EventTypes.IsPattern("extraction.succeeded") || EventTypes.IsPattern("extraction.*"), "Nobody can want what never comes.");
    }

    [TestMethod]
    public async Task A_members_role_and_the_life_of_a_data_set_are_noted_with_their_change_and_not_without()
    {
        foreach (var id in (string[])["u", "v"]) await _catalog.AddUserAsync(id);
        var (projects, datasets, now) = (_catalog.Get<ProjectStore>(), _catalog.Get<DatasetStore>(), _catalog.Clock.GetUtcNow());
        await projects.CreateAsync(new ProjectRecord { Name = Project, Creator = "users/u", CreateTime = now, UpdateTime = now }, Cancellation);
        await Store.TryCreateAsync(New(Project, "w") with { EventTypes = ["member.*", "dataset.deleted"] }, 9, Cancellation);
        await projects.SetRoleAsync(Project, "users/v", ProjectRole.Editor, cancellation: Cancellation);
        await Assert.ThrowsExactlyAsync<LastOwnerException>(() => projects.SetRoleAsync(Project, "users/u", null, cancellation: Cancellation));
        await projects.SetRoleAsync(Project, "users/v", null, cancellation: Cancellation);
        var dataset = _catalog.NewDataset("d");
        await datasets.CreateAsync(dataset, Cancellation);
        await datasets.UpdateAsync(ResourceChange.Deleted, dataset with { DeleteTime = now, PurgeTime = now }, now, Cancellation);
        await Assert.ThrowsExactlyAsync<VersionConflictException>(
            () => datasets.UpdateAsync(ResourceChange.Deleted, dataset with { DeleteTime = now, PurgeTime = now }, now, Cancellation));
        Assert.IsNull(await datasets.FindAsync(dataset.Name, Cancellation));

        CollectionAssert.AreEquivalent(
            new[]
            {
                ("member.changed", "projects/p/members/v", "EDITOR"), ("member.changed", "projects/p/members/v", ""), ("dataset.deleted", dataset.Name, ""),
            },
            (await DeliveriesAsync(Hook)).Select(d => (d.Type, Text(d, "subject"), Text(d, "role"))).ToArray());

        static string Text(DeliveryRecord delivery, string property)
        {
            using var body = System.Text.Json.JsonDocument.Parse(delivery.Body);
            return (property == "subject" ? body.RootElement : body.RootElement.GetProperty("data")).TryGetProperty(property, out var value) ? value.GetString()! : "";
        }
    }

    [TestMethod]
    public async Task Deletion_return_and_purge_of_generators_and_synthetic_data_sets_are_noted_once()
    {
        await Store.TryCreateAsync(New(Project, "w") with { EventTypes = ["generator.*", "synthetic_dataset.*", "dataset.purged"] }, 9, Cancellation);
        var (now, projector) = (_catalog.Clock.GetUtcNow(), _catalog.Get<ICatalogProjector>());
        var generator = new GeneratorSnapshot
        {
            Name = Project + "/generators/g", State = GeneratorState.Ready, CreateTime = now, UpdateTime = now, Version = 1, Accountant = new AccountantSnapshot(false, []),
            Definition = new GeneratorDefinition
            {
                Dataset = Project + "/datasets/d", Creator = "users/u", Requirements = WorkRequirements.Any,
                Training = new TrainingSpec
                {
                    Data = new DataInput(new ObjectRef("k", "k", 1, "text/csv"), "t.csv", ""), Method = "cart",
                    Options = new Dictionary<string, string>(),
                },
            },
        };
        foreach (var (deleted, version) in new[] { (false, 1L), (true, 2L), (true, 2L), (true, 3L), (false, 2L), (false, 4L), (true, 5L) })
            await projector.ProjectAsync(
                generator with { DeleteTime = deleted ? now : null, PurgeTime = deleted ? now : null, Version = version },
                Cancellation);
        for (var i = 0; i < 2; i++) await _catalog.Get<GeneratorIndex>().PurgeAsync(generator.Name, now, Cancellation);

        var synthetics = _catalog.Get<SyntheticDatasetStore>();
        var synthetic = new SyntheticDatasetRecord
        {
            Name = Project + "/syntheticDatasets/s", Project = Project, Generator = generator.Name, Rows = 1, Seed = 1,
            State = ArtifactState.Ready, Job = Project + "/jobs/j", Creator = "users/u",
            CreateTime = now, UpdateTime = now,
        };
        for (var i = 0; i < 2; i++)
        {
            // The second one of the name is told of as the first one was.
            await synthetics.CreateAsync(synthetic with { CreateTime = now.AddDays(i) }, Cancellation);
            var hidden = await synthetics.UpdateAsync(
                ResourceChange.Deleted, synthetic with { CreateTime = now.AddDays(i), DeleteTime = now, PurgeTime = now }, now,
                Cancellation);
            await synthetics.UpdateAsync(ResourceChange.Undeleted, hidden with { DeleteTime = null, PurgeTime = null }, now, Cancellation);
            await synthetics.PurgeAsync(synthetic.Name, now, Cancellation);
            await synthetics.PurgeAsync(synthetic.Name, now, Cancellation);
        }

        var dataset = _catalog.NewDataset("d");
        await _catalog.Get<DatasetStore>().CreateAsync(dataset, Cancellation);
        await _catalog.Get<DatasetStore>().PurgeAsync(dataset.Name, now, Cancellation);

        CollectionAssert.AreEquivalent(
            new[]
            {
                "dataset.purged", "generator.deleted", "generator.undeleted", "generator.deleted", "generator.purged",
                "synthetic_dataset.deleted", "synthetic_dataset.undeleted", "synthetic_dataset.purged", "synthetic_dataset.deleted", "synthetic_dataset.undeleted", "synthetic_dataset.purged",
            },
            (await DeliveriesAsync(Hook)).Select(d => d.Type).ToArray());
        StringAssert.Contains((await DeliveriesAsync(Hook)).First(d => d.Type == "generator.purged").Body, """"subject":"projects/p/generators/g"""");
    }

    [TestMethod]
    public async Task The_end_of_a_transfer_is_noted_once_by_whoever_brings_it_about()
    {
        await Store.TryCreateAsync(New(Project, "w") with { EventTypes = ["import.*", "export.failed"] }, 9, Cancellation);
        await _catalog.AddUserAsync("u");
        var now = _catalog.Clock.GetUtcNow();
        await _catalog.Get<ProjectStore>().CreateAsync(new ProjectRecord { Name = Project, Creator = "users/u", CreateTime = now, UpdateTime = now }, Cancellation);
        var transfers = _catalog.Get<TransferStore>();
        foreach (var (id, spec) in new (string, TransferSpec)[]
                 {
                     ("import", new() { Query = new QueryImport("projects/p/uploads/u", "projects/p/datasets/d", "SELECT secret", 9, 9) }),
                     ("export", new() { Export = new ObjectExport("projects/p/syntheticDatasets/s", "key", false) }),
                     ("table", new() { Table = new TableExport("projects/p/syntheticDatasets/s", "public", "t", false, []) }),
                 })
            await CreateAsync(id, spec);

        for (var i = 0; i < 3; i++)
        {
            var taken = (await transfers.TakeAsync(Lease, 9, Cancellation))!;
            var (state, error) = taken.Spec.Export is null
                ? (TransferState.Succeeded, null)
                : (TransferState.Failed, new WorkError(WorkErrorClass.User, "TABLE_EXISTS", "There is a table secret."));
            for (var again = 0; again < 2; again++) await transfers.EndAsync(taken, state, 7, 8, error, Cancellation);
        }

        // Nobody takes this one: those of one clock tick are taken in any order.
        await CreateAsync("idle", new() { Object = new ObjectImport("projects/p/uploads/v", "projects/p/datasets/e", "key", "") });
        await transfers.CancelAllAsync(Project, Cancellation);

        var noted = await DeliveriesAsync(Hook);
        CollectionAssert.AreEquivalent(new[] { "import.succeeded", "export.failed", "import.cancelled" }, noted.Select(d => d.Type).ToArray());
        StringAssert.EndsWith(
            noted.Single(d => d.Type == "export.failed").Body,
            """"data":{"transfer":"projects/p/transfers/export","subject":"projects/p/syntheticDatasets/s","state":"FAILED","error_reason":"TABLE_EXISTS"}}"""");
        foreach (var delivery in noted) Assert.DoesNotContain("secret", delivery.Body);

        async Task CreateAsync(string id, TransferSpec spec) =>
            Assert.IsTrue(await transfers.TryCreateAsync(
                new TransferRecord
                {
                    Name = $"{Project}/transfers/{id}", Project = Project, Spec = spec, Creator = "users/u", CreateTime = now,
                    Endpoint = new() { Postgres = new PostgresAddress("db.example.org", 5432, "shop", "reader", TransportSecurity.Verified) },
                }, 9, Cancellation));
    }

    [TestMethod]
    public async Task A_budget_is_told_of_when_it_becomes_low_and_when_it_is_spent()
    {
        await AddAsync("w", "budget.*");
        var ledger = _catalog.Get<PrivacyLedger>();
        await ledger.SetBudgetAsync(Ledger.LedgerFixture.Dataset, 1, 1e-5, "users/o", "1", Cancellation);
        var noted = new List<string>();
        foreach (var (job, epsilon) in new[] { ("a", 0.5), ("b", 0.35), ("c", 0.05), ("d", 0.1) })
        {
            await ledger.ReserveAsync(Ledger.LedgerFixture.Request(job, epsilon), Cancellation);
            noted.Add(string.Join(' ', (await DeliveriesAsync(Hook)).Select(d => d.Type).Order(StringComparer.Ordinal)));
        }

        CollectionAssert.AreEqual(new[] { "", "budget.low", "budget.low", "budget.exhausted budget.low" }, noted);
    }

    [TestMethod]
    public async Task What_one_has_taken_no_other_gets_and_only_the_newest_attempt_counts()
    {
        await AddAsync("w");
        var names = new List<string>();
        for (var i = 0; i < 20; i++) names.Add((await Store.NoteAsync(Hook, WebhookEvent.Ping(Hook, $"e{i}", DateTimeOffset.UnixEpoch), Cancellation)).Name);
        CollectionAssert.AreEqual(new[] { Hook }, (await Queue.ListDueAsync(Cancellation)).ToArray());
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Queue.TakeAsync(Hook, 7, Lease, Cancellation)));
        CollectionAssert.AreEquivalent(names, taken.SelectMany(t => t).Select(d => d.Name).ToArray());
        Assert.IsEmpty(await Queue.ListDueAsync(Cancellation));

        var first = taken.First(t => t.Count > 0)[0];
        await NoteAsync([new DeliveryOutcome(first, Try("TIMEOUT"), TimeSpan.Zero)], Fine);
        var again = (await Queue.TakeAsync(Hook, 1, Lease, Cancellation)).Single();
        Assert.AreEqual((first.Name, 2), (again.Name, again.Attempt));
        await NoteAsync([new DeliveryOutcome(first, Try(""), null)], Fine);
        Assert.AreEqual(DeliveryState.Pending, (await Store.FindDeliveryAsync(first.Name, Cancellation))!.State, "a sender that was away too long changes nothing");
        await NoteAsync([new DeliveryOutcome(again, Try(""), null)], Fine);
        var found = (await Store.FindDeliveryAsync(first.Name, Cancellation))!;
        Assert.AreEqual(DeliveryState.Delivered, found.State);
        CollectionAssert.AreEqual(new[] { "TIMEOUT", "" }, found.Attempts.Select(a => a.Error).ToArray());
    }

    [TestMethod]
    public async Task What_is_given_back_or_not_heard_of_is_due_again()
    {
        await AddAsync("w");
        await Store.NoteAsync(Hook, WebhookEvent.Ping(Hook, "e", DateTimeOffset.UnixEpoch), Cancellation);
        var taken = (await Queue.TakeAsync(Hook, 5, TimeSpan.Zero, Cancellation)).Single();
        var other = (await Queue.TakeAsync(Hook, 5, Lease, Cancellation)).Single();
        Assert.AreEqual((1, 2), (taken.Attempt, other.Attempt));
        await NoteAsync([new DeliveryOutcome(other, null, null)], Fine);
        Assert.AreEqual(2, (await Queue.TakeAsync(Hook, 5, Lease, Cancellation)).Single().Attempt, "an attempt that was none is not counted");
    }

    [TestMethod]
    public async Task A_receiver_that_is_down_waits_and_one_that_is_gone_is_switched_off()
    {
        await AddAsync("w");
        await Store.NoteAsync(Hook, WebhookEvent.Ping(Hook, "e", DateTimeOffset.UnixEpoch), Cancellation);
        await NoteAsync([], new ReceiverHealth(3, TimeSpan.FromHours(1), IsGone: false));
        Assert.IsEmpty(await Queue.ListDueAsync(Cancellation));
        var hook = (await Store.FindAsync(Hook, Cancellation))!;
        Assert.AreEqual((3, false), (hook.Failures, hook.Disabled));
        hook = await Store.UpdateAsync(hook, Cancellation);
        Assert.AreEqual((0, 2), (hook.Failures, hook.Version));
        Assert.HasCount(1, await Queue.ListDueAsync(Cancellation), "a change ends the waiting");
        Assert.IsTrue(await NoteAsync([], new ReceiverHealth(0, TimeSpan.Zero, IsGone: true)));
        Assert.IsTrue((await Store.FindAsync(Hook, Cancellation))!.Disabled);
        Assert.IsEmpty(await Queue.ListDueAsync(Cancellation));
        Assert.IsFalse(await NoteAsync([], new ReceiverHealth(0, TimeSpan.Zero, IsGone: true)), "it was off");
        await NoteAsync([], Fine);
        Assert.IsTrue((await Store.FindAsync(Hook, Cancellation))!.Disabled, "only its owner switches it on again");
    }

    [TestMethod]
    public async Task What_was_given_up_can_be_replayed_and_is_forgotten_in_the_end()
    {
        await AddAsync("w");
        foreach (var id in (string[])["dead", "done"]) await Store.NoteAsync(Hook, WebhookEvent.Ping(Hook, id, DateTimeOffset.UnixEpoch), Cancellation);
        var taken = await Queue.TakeAsync(Hook, 5, Lease, Cancellation);
        await NoteAsync([.. taken.Select(d => new DeliveryOutcome(d, Try(d.Name.EndsWith("dead", StringComparison.Ordinal) ? "HTTP_STATUS" : ""), null))], Fine);
        Assert.HasCount(1, (await Store.ListDeliveriesAsync(Hook, DeliveryState.Dead, new PageRequest(5), Cancellation)).Items);

        Assert.AreEqual(1, await Store.ReplayAsync(Hook, null, Cancellation));
        Assert.AreEqual(1, await Store.ReplayAsync(Hook, $"{Hook}/deliveries/done", Cancellation));
        Assert.AreEqual(0, await Store.ReplayAsync(Hook, $"{Hook}/deliveries/done", Cancellation), "it is on its way");
        Assert.AreEqual(0, await Store.ReplayAsync(Project + "/webhooks/x", $"{Hook}/deliveries/done", Cancellation));
        taken = await Queue.TakeAsync(Hook, 5, Lease, Cancellation);
        Assert.HasCount(2, taken);
        Assert.IsTrue(taken.All(d => d.Attempt == 1 && d.EndTime is null));

        await NoteAsync([.. taken.Select(d => new DeliveryOutcome(d, Try(""), null))], Fine);
        await Queue.CleanAsync(TimeSpan.FromHours(1), Cancellation);
        Assert.HasCount(2, await DeliveriesAsync(Hook));
        await Queue.CleanAsync(TimeSpan.FromSeconds(-1), Cancellation);
        Assert.IsEmpty(await DeliveriesAsync(Hook));
    }

    [TestMethod]
    public async Task A_project_has_so_many_and_with_it_they_go()
    {
        var user = await _catalog.AddUserAsync("u");
        var now = _catalog.Clock.GetUtcNow();
        await _catalog.Get<ProjectStore>().CreateAsync(
            new ProjectRecord { Name = Project, Creator = user.Name, CreateTime = now, UpdateTime = now }, Cancellation);
        Assert.IsTrue(await Store.TryCreateAsync(New(Project, "w"), 2, Cancellation));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => Store.TryCreateAsync(New(Project, "w"), 2, Cancellation));
        Assert.IsTrue(await Store.TryCreateAsync(New(Project, "v"), 2, Cancellation));
        Assert.IsFalse(await Store.TryCreateAsync(New(Project, "x"), 2, Cancellation));
        await Store.NoteAsync(Hook, WebhookEvent.Ping(Hook, "e", now), Cancellation);
        await Assert.ThrowsAsync<VersionConflictException>(() => Store.DeleteAsync(Project + "/webhooks/v", 7, Cancellation));
        Assert.IsTrue(await Store.DeleteAsync(Project + "/webhooks/v", 1, Cancellation));
        var projects = _catalog.Get<ProjectStore>();
        Assert.IsFalse(await projects.DeleteAsync(Project, Cancellation), "only what was deleted before");
        await projects.UpdateAsync((await projects.FindAsync(Project, Cancellation))! with { DeleteTime = now, PurgeTime = now }, Cancellation);
        Assert.IsTrue(await projects.BeginPurgeAsync(Project, Cancellation));
        Assert.IsTrue(await projects.DeleteAsync(Project, Cancellation));
        await Assert.ThrowsAsync<AlreadyExistsException>(
            () => projects.CreateAsync(
                new ProjectRecord { Name = Project, Creator = user.Name, CreateTime = now, UpdateTime = now }, Cancellation));
        Assert.IsNull(await Store.FindAsync(Hook, Cancellation));
        Assert.IsEmpty(await DeliveriesAsync(Hook));
    }

    [TestMethod]
    public void Secrets_differ_by_webhook_and_salt_and_come_back()
    {
        var secrets = _catalog.Get<WebhookSecrets>();
        var salt = WebhookSecrets.NewSalt();
        Assert.AreEqual(secrets.Text(Hook, salt), secrets.Text(Hook, salt));
        Assert.AreNotEqual(secrets.Text(Hook, salt), secrets.Text(Hook + "x", salt));
        Assert.AreNotEqual(secrets.Text(Hook, salt), secrets.Text(Hook, WebhookSecrets.NewSalt()));
        CollectionAssert.AreEqual(secrets.Key(Hook, salt), Convert.FromBase64String(secrets.Text(Hook, salt)["whsec_".Length..]));
    }

    [TestMethod]
    public async Task What_an_old_address_answered_changes_nothing_of_a_new_one()
    {
        await AddAsync("w");
        var sent = (await Store.FindAsync(Hook, Cancellation))!;
        await Store.UpdateAsync(sent with { Url = "https://new.example.org/" }, Cancellation);
        Assert.IsFalse(await Queue.NoteAsync(sent, [], new ReceiverHealth(1, TimeSpan.FromHours(1), IsGone: true), Cancellation));
        var now = (await Store.FindAsync(Hook, Cancellation))!;
        Assert.AreEqual((false, 0, "https://new.example.org/"), (now.Disabled, now.Failures, now.Url));
    }

    private async Task<bool> NoteAsync(IReadOnlyList<DeliveryOutcome> outcomes, ReceiverHealth health) =>
        await Queue.NoteAsync((await Store.FindAsync(Hook, Cancellation))!, outcomes, health, Cancellation);

    private static DeliveryAttempt Try(string error) => new(DateTimeOffset.UnixEpoch, 5, error.Length == 0 ? 200 : 0, error);

    private static JobSnapshot Job(WorkState state) => new()
    {
        Name = "projects/p/jobs/j", Kind = WorkKind.Training, Subject = "projects/p/generators/g", State = state, CreateTime = DateTimeOffset.UnixEpoch, Version = 1,
    };

    private static WebhookRecord New(string project, string id) => new()
    {
        Name = $"{project}/webhooks/{id}", Project = project, Url = "https://example.org/", Salt = WebhookSecrets.NewSalt(), Creator = "users/u",
        CreateTime = DateTimeOffset.UnixEpoch, UpdateTime = DateTimeOffset.UnixEpoch,
    };

    private async Task AddAsync(string id, string? type = null, bool disabled = false) =>
        Assert.IsTrue(await Store.TryCreateAsync(New(Project, id) with { EventTypes = type is null ? [] : [type], Disabled = disabled }, 9, Cancellation));

    private async Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(string webhook) =>
        (await Store.ListDeliveriesAsync(webhook, null, new PageRequest(100), Cancellation)).Items;
}
