using System.Security.Cryptography;

namespace SynthStudio.Catalog.Tests;

public abstract class StoreTests(Provider provider)
{
    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Of_concurrent_updates_of_one_version_one_wins()
    {
        var store = _catalog.Get<DatasetStore>();
        var dataset = _catalog.NewDataset("d");
        await store.CreateAsync(dataset, Cancellation);
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => store.CreateAsync(dataset, Cancellation));

        var won = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            i => Task.Run(() => Try(() => store.UpdateAsync(dataset with { DisplayName = $"{i}" }, Cancellation)))));
        Assert.AreEqual(1, won.Count(w => w));
        Assert.AreEqual(2, (await store.FindAsync(dataset.Name, Cancellation))!.Version);
        await Assert.ThrowsExactlyAsync<VersionConflictException>(() => store.DeleteAsync(dataset.Name, 1, Cancellation));
        Assert.IsTrue(await store.DeleteAsync(dataset.Name, 2, Cancellation));
        Assert.IsFalse(await store.DeleteAsync(dataset.Name, 2, Cancellation));
        await Assert.ThrowsExactlyAsync<VersionConflictException>(() => store.UpdateAsync(dataset, Cancellation));
    }

    [TestMethod]
    public async Task Evidence_packs_come_back_as_they_went_in_and_their_numbers_are_given_out_once()
    {
        var store = _catalog.Get<EvidencePackStore>();
        var pack = new EvidencePackRecord
        {
            Name = "projects/p/evidencePacks/a", Project = "projects/p", Subject = "projects/p/generators/g",
            Frameworks = ["gdpr", "soc2"], Number = 1, FactsSha256 = "ab", Summary = new Dictionary<string, int> { ["gdpr/Gap"] = 2 },
            Files = new Dictionary<string, ObjectRef> { ["Html"] = new("k", "s", 3, "text/html") }, Creator = "users/u", CreateTime = Now,
        };
        Assert.IsTrue(await store.TryCreateAsync(pack, most: 1, Cancellation));
        Assert.IsFalse(await store.TryCreateAsync(pack with { Name = "projects/p/evidencePacks/b" }, most: 1, Cancellation), "As many as there may be.");
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => store.TryCreateAsync(pack, most: 9, Cancellation));
        var found = (await store.ListAsync("projects/p", new PageRequest(5), Cancellation)).Items.Single();
        Assert.AreEqual((pack.Name, pack.Subject, pack.Number, pack.FactsSha256, pack.CreateTime),
            (found.Name, found.Subject, found.Number, found.FactsSha256, found.CreateTime));
        Assert.AreEqual("gdpr soc2", string.Join(' ', found.Frameworks));
        Assert.AreEqual((2, pack.Files["Html"]), (found.Summary["gdpr/Gap"], found.Files["Html"]));

        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.NextNumberAsync("projects/p", "", Cancellation))));
        CollectionAssert.AreEquivalent(Enumerable.Range(1, 8).ToArray(), numbers);
        Assert.AreEqual(1, await store.NextNumberAsync("projects/p", pack.Subject, Cancellation), "Each subject has its own.");
        Assert.IsTrue(await store.DeleteAsync(pack.Name, Cancellation));
        Assert.IsFalse(await store.DeleteAsync(pack.Name, Cancellation));
        Assert.AreEqual(9, await store.NextNumberAsync("projects/p", "", Cancellation));
    }

    [TestMethod]
    public async Task A_record_comes_back_as_it_went_in()
    {
        var dataset = _catalog.NewDataset("d", DatasetState.Failed, "j") with
        {
            Object = new ObjectRef("k", "s", 5, "text/csv"), FileName = "ä.csv", SchemaJson = "{}", Profile = new ObjectRef("p", "s", 1, "m"),
            RowCount = 1, ColumnCount = 2, Error = new WorkError(WorkErrorClass.User, "R", "m", "c", 3), DisplayName = "n", Version = 7,
            Sensitivity = new Dictionary<string, string?> { ["ä"] = "Sensitive" }, Line = "l", PreviousVersion = "v", Preview = new ObjectRef("w", "s", 1, "m"),
        };
        await _catalog.Get<DatasetStore>().CreateAsync(dataset, Cancellation);
        var found = (await _catalog.Get<DatasetStore>().FindAsync(dataset.Name, Cancellation))!;
        CollectionAssert.AreEqual(dataset.Sensitivity.ToList(), found.Sensitivity.ToList());
        Assert.AreEqual(dataset with { Number = 1 }, found with { Sensitivity = dataset.Sensitivity });
    }

    [TestMethod]
    public async Task The_versions_of_a_table_are_listed_from_any_of_them()
    {
        var store = _catalog.Get<DatasetStore>();
        var (first, second, third) = (_catalog.NewDataset("d1"), _catalog.NewDataset("d2"), _catalog.NewDataset("d3"));
        await store.CreateAsync(first, Cancellation);
        await store.CreateAsync(second with { Line = first.Name, PreviousVersion = first.Name }, Cancellation);
        await store.CreateAsync(third with { Line = first.Name, PreviousVersion = second.Name }, Cancellation);
        await store.CreateAsync(_catalog.NewDataset("other"), Cancellation);
        foreach (var name in new[] { first.Name, third.Name })
        {
            var versions = await store.ListVersionsAsync((await store.FindAsync(name, Cancellation))!, Cancellation);
            CollectionAssert.AreEqual(new[] { first.Name, second.Name, third.Name }, versions.Select(d => d.Name).ToArray());
        }
    }

    [TestMethod]
    public async Task A_versions_number_is_given_once_and_stays()
    {
        var store = _catalog.Get<DatasetStore>();
        var first = _catalog.NewDataset("d1");
        await store.CreateAsync(first, Cancellation);
        await Task.WhenAll(Enumerable.Range(2, 4).Select(i => store.CreateAsync(_catalog.NewDataset($"d{i}") with { Line = first.Name }, Cancellation)));
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => store.CreateAsync(_catalog.NewDataset("d5") with { Line = first.Name }, Cancellation));
        await store.PurgeAsync(first.Name, _catalog.Clock.GetUtcNow(), Cancellation);
        var last = _catalog.NewDataset("d6") with { Line = first.Name };
        await store.CreateAsync(last, Cancellation);
        await store.UpdateAsync(last, Cancellation);

        var numbers = (await store.ListVersionsAsync(last, Cancellation)).Select(d => d.Number).ToList();
        CollectionAssert.AreEquivalent(new[] { 2, 3, 4, 5, 6 }, numbers);
        Assert.AreEqual(6, (await store.FindAsync(last.Name, Cancellation))!.Number);
        Assert.AreEqual(6, await store.CountVersionsAsync(last, Cancellation));
    }

    [TestMethod]
    public async Task Aliases_and_policies_are_set_moved_and_taken_away()
    {
        var (aliases, policies) = (_catalog.Get<GeneratorAliasStore>(), _catalog.Get<DataPolicyStore>());
        var alias = new GeneratorAliasRecord($"{TestCatalog.Project}/generatorAliases/a", "g1", "users/u", _catalog.Clock.GetUtcNow());
        await aliases.SetAsync(alias, Cancellation);
        await aliases.SetAsync(alias with { Generator = "g2" }, Cancellation);
        Assert.AreEqual(alias with { Generator = "g2" }, await aliases.FindAsync(alias.Name, Cancellation));
        Assert.IsEmpty(await aliases.ListOfGeneratorAsync("g1", Cancellation));
        Assert.HasCount(1, await aliases.ListAsync(TestCatalog.Project, 10, Cancellation));
        Assert.IsTrue(await aliases.DeleteAsync(alias.Name, Cancellation));
        Assert.IsFalse(await aliases.DeleteAsync(alias.Name, Cancellation));

        Assert.AreEqual(RealRowPolicy.Owners, await policies.FindAsync(TestCatalog.Project, Cancellation));
        await policies.SetAsync(TestCatalog.Project, RealRowPolicy.Nobody, _catalog.Clock.GetUtcNow(), Cancellation);
        await policies.SetAsync(TestCatalog.Project, RealRowPolicy.Editors, _catalog.Clock.GetUtcNow(), Cancellation);
        Assert.AreEqual(RealRowPolicy.Editors, await policies.FindAsync(TestCatalog.Project, Cancellation));
    }

    [TestMethod]
    public async Task Pages_show_everything_once_newest_first_while_entries_come_and_go()
    {
        var store = _catalog.Get<DatasetStore>();
        for (var i = 0; i < 10; i++)
        {
            if (i % 3 == 0) _catalog.Clock.Advance(TimeSpan.FromSeconds(1)); // Some share a time: the name orders them.
            await store.CreateAsync(_catalog.NewDataset($"d{i}"), Cancellation);
        }

        var seen = new List<string>();
        PageCursor? after = null;
        do
        {
            var page = await store.ListAsync(TestCatalog.Project, new PageRequest(3, after), Cancellation);
            seen.AddRange(page.Items.Select(d => d.Name[^2..]));
            if (after is null)
            {
                await store.DeleteAsync(page.Items[^1].Name, cancellation: Cancellation);
                await store.CreateAsync(_catalog.NewDataset("d99"), Cancellation);
            }

            after = page.Next is { } next && PageCursor.TryDecode(next.Encode(), out var decoded) ? decoded : null;
        }
        while (after is not null);
        CollectionAssert.AreEqual(new[] { "d9", "d8", "d7", "d6", "d5", "d4", "d3", "d2", "d1", "d0" }, seen);
        Assert.IsEmpty((await store.ListAsync("projects/other", new PageRequest(3), Cancellation)).Items);
        foreach (var junk in new[] { "", "!", "AAAA", "////////////" }) Assert.IsFalse(PageCursor.TryDecode(junk, out _), junk);
    }

    [TestMethod]
    public async Task A_project_has_members_and_keeps_an_owner()
    {
        await _catalog.AddUserAsync("u");
        await _catalog.AddUserAsync("v");
        var projects = _catalog.Get<ProjectStore>();
        var project = new ProjectRecord { Name = TestCatalog.Project, Creator = "users/u", CreateTime = Now, UpdateTime = Now };
        await projects.CreateAsync(project, Cancellation);
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => projects.CreateAsync(project, Cancellation));
        Assert.AreEqual(ProjectRole.Owner, await projects.FindRoleAsync(project.Name, "users/u", Cancellation));
        Assert.IsNull(await projects.FindRoleAsync(project.Name, "users/v", Cancellation));
        Assert.IsEmpty((await projects.ListAsync("users/v", new PageRequest(5), Cancellation)).Items);

        await Assert.ThrowsExactlyAsync<LastOwnerException>(() => projects.SetRoleAsync(project.Name, "users/u", ProjectRole.Editor, cancellation: Cancellation));
        await Assert.ThrowsExactlyAsync<LastOwnerException>(() => projects.SetRoleAsync(project.Name, "users/u", null, cancellation: Cancellation));
        await projects.SetRoleAsync(project.Name, "users/v", ProjectRole.Owner, cancellation: Cancellation);
        await projects.SetRoleAsync(project.Name, "users/u", null, cancellation: Cancellation);
        Assert.AreEqual("users/v", (await projects.ListMembersAsync(project.Name, Cancellation)).Single().User);
        Assert.AreEqual(project.Name, (await projects.ListAsync("users/v", new PageRequest(5), Cancellation)).Items.Single().Name);

        var renamed = await projects.UpdateAsync(project with { DisplayName = "new" }, Cancellation);
        Assert.AreEqual(2, renamed.Version);
        await Assert.ThrowsExactlyAsync<VersionConflictException>(() => projects.UpdateAsync(project, Cancellation));
        await _catalog.Get<DatasetStore>().CreateAsync(_catalog.NewDataset("d"), Cancellation);
        await projects.UpdateAsync(renamed with { DeleteTime = Now, PurgeTime = Now }, Cancellation);
        Assert.IsTrue(await projects.BeginPurgeAsync(project.Name, Cancellation));
        await Assert.ThrowsExactlyAsync<ProjectNotEmptyException>(() => projects.DeleteAsync(project.Name, Cancellation));
        await _catalog.Get<DatasetStore>().DeleteAsync($"{project.Name}/datasets/d", cancellation: Cancellation);
        Assert.IsTrue(await projects.DeleteAsync(project.Name, Cancellation));
        Assert.IsNull(await projects.FindAsync(project.Name, Cancellation));
    }

    [TestMethod]
    public async Task An_api_key_is_found_with_its_owner_and_can_be_revoked()
    {
        var user = await _catalog.AddUserAsync("u");
        var keys = _catalog.Get<ApiKeyStore>();
        var key = new ApiKeyRecord
        {
            Id = "k1", SecretHash = SHA256.HashData("secret"u8), Owner = user.Name, Scopes = ["datasets.read"], CreateTime = Now, ExpireTime = Now.AddDays(1),
        };
        await keys.CreateAsync(key, Cancellation);
        await keys.TouchAsync("k1", Now, Cancellation);
        await keys.TouchAsync("k1", Now.AddSeconds(30), Cancellation);
        var (found, owner) = (await keys.FindAsync("k1", Cancellation))!.Value;
        Assert.AreEqual(user, owner);
        Assert.AreEqual(Now, found.LastUseTime, "noted once a minute");
        CollectionAssert.AreEqual(key.SecretHash, found.SecretHash);
        Assert.AreEqual("datasets.read", found.Scopes.Single());
        Assert.IsTrue(found.IsValid(Now));
        Assert.IsFalse(found.IsValid(Now.AddDays(2)));
        Assert.IsTrue(await keys.RevokeAsync("k1", Now, Cancellation));
        Assert.IsTrue(await keys.RevokeAsync("k1", Now.AddHours(1), Cancellation));
        var revoked = (await keys.ListAsync(user.Name, Cancellation)).Single();
        Assert.AreEqual(Now, revoked.RevokeTime);
        Assert.IsFalse(revoked.IsValid(Now));
        Assert.IsNull(await keys.FindAsync("none", Cancellation));
    }

    [TestMethod]
    public async Task A_successor_is_published_before_it_signs_and_a_key_leaves_after_its_last_token()
    {
        var keys = _catalog.Get<SigningKeyStore>();
        var policy = SigningKeyPolicy.Default;
        var racing = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => keys.RotateAsync(Now, policy, Cancellation), Cancellation)));
        var first = racing.Select(r => r.Single()).DistinctBy(k => k.Id).Single();
        Assert.IsTrue(first.Signs(Now));
        using var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(first.PrivateKey, out _);
        Assert.AreEqual(256, pair.KeySize);

        Assert.HasCount(1, await keys.RotateAsync(Now.AddDays(28), policy, Cancellation));
        var both = await keys.RotateAsync(Now.AddDays(29), policy, Cancellation);
        Assert.HasCount(2, both);
        Assert.IsFalse(both[1].Signs(Now.AddDays(29)), "published, does not sign yet");
        Assert.AreEqual(both[1].Id, both.Single(k => k.Signs(Now.AddDays(30))).Id);
        Assert.HasCount(2, await keys.RotateAsync(Now.AddDays(30), policy, Cancellation), "tokens of the first may still be valid");
        Assert.HasCount(2, await keys.RotateAsync(Now.AddDays(30).AddHours(2), policy, Cancellation), "others still sign by the first");
        Assert.AreEqual(both[1].Id, (await keys.RotateAsync(Now.AddDays(31), policy, Cancellation)).Single().Id);
        Assert.IsTrue((await keys.RotateAsync(Now.AddDays(500), policy, Cancellation)).Any(k => k.Signs(Now.AddDays(500))), "after a long sleep");
    }

    [TestMethod]
    public async Task Of_concurrent_claims_of_a_request_id_one_is_new_and_repeats_get_its_answer()
    {
        var log = _catalog.Get<RequestLog>();
        var key = new RequestKey("users/u", "/synthstudio.v1.X/Y", "id-1");
        byte[] hash = [1];
        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => log.ClaimAsync(key, hash, Now, Cancellation), Cancellation)));
        Assert.AreEqual(1, claims.Count(c => c.Kind == RequestClaimKind.New));
        Assert.AreEqual(9, claims.Count(c => c.Kind == RequestClaimKind.InProgress));
        Assert.AreEqual(RequestClaimKind.Mismatch, (await log.ClaimAsync(key, [2], Now, Cancellation)).Kind);

        Assert.AreEqual(RequestClaimKind.New, (await log.ClaimAsync(key, hash, Now + RequestLog.ClaimLifetime, Cancellation)).Kind, "its process died");
        await log.CompleteAsync(key, [7, 8], Cancellation);
        var replay = await log.ClaimAsync(key, hash, Now, Cancellation);
        Assert.AreEqual(RequestClaimKind.Replay, replay.Kind);
        CollectionAssert.AreEqual(new byte[] { 7, 8 }, replay.Response);
        await log.AbandonAsync(key, Now, cancellation: Cancellation);
        Assert.AreEqual(RequestClaimKind.Replay, (await log.ClaimAsync(key, hash, Now, Cancellation)).Kind, "what was answered stays");
        Assert.AreEqual(1, await log.ForgetAsync(Now.AddDays(1), Cancellation));
        Assert.AreEqual(RequestClaimKind.New, (await log.ClaimAsync(key, hash, Now, Cancellation)).Kind);
        Assert.IsTrue(await log.RenewAsync(key, Now, Now.AddSeconds(10), Cancellation));
        Assert.AreEqual(RequestClaimKind.InProgress, (await log.ClaimAsync(key, hash, Now + RequestLog.ClaimLifetime, Cancellation)).Kind, "it still runs");
        Assert.IsFalse(await log.RenewAsync(key, Now, Now, Cancellation), "it was renewed since");
        Assert.IsTrue(await log.RenewAsync(key, Now.AddSeconds(10), Now, Cancellation));
        await log.AbandonAsync(key, Now.AddSeconds(1), cancellation: Cancellation);
        Assert.AreEqual(RequestClaimKind.InProgress, (await log.ClaimAsync(key, hash, Now, Cancellation)).Kind, "it is another one's");
        await log.AbandonAsync(key, Now, cancellation: Cancellation);
        Assert.AreEqual(new RequestClaim(RequestClaimKind.New), await log.ClaimAsync(key, hash, Now, Cancellation));
        await log.AbandonAsync(key, Now, mayBeDone: true, Cancellation);
        Assert.AreEqual(RequestClaimKind.Mismatch, (await log.ClaimAsync(key, [2], Now, Cancellation)).Kind, "it may be done");
        Assert.AreEqual(new RequestClaim(RequestClaimKind.New, IsRepeat: true), await log.ClaimAsync(key, hash, Now, Cancellation));
    }

    [TestMethod]
    public async Task Where_processes_share_a_catalog_a_request_that_one_of_them_works_on_is_left_to_it_for_its_time()
    {
        var key = new RequestKey("users/u", "/M", "id");
        byte[] hash = [1];
        var one = new RequestLog(_catalog.Database, owner: "all");
        var other = new RequestLog(_catalog.OpenAnother(), owner: "all");
        Assert.AreEqual(RequestClaimKind.New, (await one.ClaimAsync(key, hash, Now, Cancellation)).Kind);
        Assert.AreEqual(RequestClaimKind.InProgress, (await other.ClaimAsync(key, hash, Now, Cancellation)).Kind);
        Assert.AreEqual(RequestClaimKind.New, (await other.ClaimAsync(key, hash, Now + RequestLog.ClaimLifetime, Cancellation)).Kind);
    }

    [TestMethod]
    public async Task Of_two_owners_that_leave_at_once_one_stays()
    {
        await _catalog.AddUserAsync("u");
        await _catalog.AddUserAsync("v");
        var projects = _catalog.Get<ProjectStore>();
        for (var i = 0; i < 10; i++)
        {
            var project = new ProjectRecord { Name = $"projects/p{i}", Creator = "users/u", CreateTime = Now, UpdateTime = Now };
            await projects.CreateAsync(project, Cancellation);
            await projects.SetRoleAsync(project.Name, "users/v", ProjectRole.Owner, cancellation: Cancellation);

            var left = await Task.WhenAll(new[] { "users/u", "users/v" }.Select(user => Task.Run(async () =>
            {
                try
                {
                    await projects.SetRoleAsync(project.Name, user, null, cancellation: Cancellation);
                    return true;
                }
                catch (LastOwnerException)
                {
                    return false;
                }
            })));
            Assert.AreEqual(1, left.Count(l => l));
            Assert.HasCount(1, await projects.ListMembersAsync(project.Name, Cancellation));
        }
    }

    [TestMethod]
    public async Task A_request_that_a_dead_process_left_is_taken_over_at_once_by_one()
    {
        var key = new RequestKey("users/u", "/M", "id");
        byte[] hash = [1];
        var source = _catalog.Database;
        var dead = new RequestLog(source, owner: "dead");
        Assert.AreEqual(RequestClaimKind.New, (await dead.ClaimAsync(key, hash, Now, Cancellation)).Kind);

        var log = new RequestLog(source, owner: "alive");
        Assert.AreEqual(RequestClaimKind.Mismatch, (await log.ClaimAsync(key, [2], Now, Cancellation)).Kind, "for the same request only");
        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => log.ClaimAsync(key, hash, Now, Cancellation), Cancellation)));
        Assert.AreEqual(1, claims.Count(c => c.Kind == RequestClaimKind.New));
        Assert.AreEqual(9, claims.Count(c => c.Kind == RequestClaimKind.InProgress));

        await log.CompleteAsync(key, [7], Cancellation);
        var later = new RequestLog(source, owner: "later");
        Assert.AreEqual(RequestClaimKind.Replay, (await later.ClaimAsync(key, hash, Now, Cancellation)).Kind, "an answer outlives its process");
    }

    [TestMethod]
    public async Task A_user_makes_no_more_projects_than_they_may_until_one_is_gone_for_good()
    {
        var projects = _catalog.Get<ProjectStore>();
        await _catalog.AddUserAsync("maker");
        await _catalog.AddUserAsync("friend");
        Assert.IsTrue(await MakeAsync("one"));
        Assert.IsTrue(await MakeAsync("two"));
        Assert.IsFalse(await MakeAsync("three"));
        Assert.IsNull(await projects.FindAnyAsync("projects/three", Cancellation));
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => MakeAsync("two"));

        await projects.SetRoleAsync("projects/one", "users/friend", ProjectRole.Editor, cancellation: Cancellation);
        await projects.TransferAsync("projects/one", "users/maker", "users/friend", Now, Cancellation);
        Assert.IsFalse(await MakeAsync("three"), "What was given away counts.");
        var two = (await projects.FindAsync("projects/two", Cancellation))!;
        await projects.UpdateAsync(two with { DeleteTime = Now, PurgeTime = Now.AddDays(30) }, Cancellation);
        Assert.IsFalse(await MakeAsync("three"), "What was deleted can come back.");
        Assert.IsTrue(await projects.BeginPurgeAsync("projects/two", Cancellation));
        Assert.IsTrue(await projects.DeleteAsync("projects/two", Cancellation));
        Assert.IsTrue(await MakeAsync("three"));

        Task<bool> MakeAsync(string id) =>
            projects.TryCreateAsync(new ProjectRecord { Name = $"projects/{id}", Creator = "users/maker", CreateTime = Now, UpdateTime = Now }, most: 2, Cancellation);
    }

    [TestMethod]
    public async Task An_upload_advances_never_goes_back_and_ends_once()
    {
        var uploads = _catalog.Get<UploadIndex>();
        var upload = new UploadRecord
        {
            Name = "projects/p/datasets/d/uploads/u", Project = "projects/p", Dataset = "projects/p/datasets/d", Session = "s", FileName = "f.csv",
            Size = 100, State = UploadState.Open, Creator = "users/u", CreateTime = Now, ExpireTime = Now.AddHours(1),
        };
        await uploads.CreateAsync(upload, Cancellation);
        Assert.IsTrue(await uploads.AdvanceAsync(upload.Name, 50, Now.AddHours(2), Cancellation));
        Assert.IsTrue(await uploads.AdvanceAsync(upload.Name, 40, Now.AddHours(3), Cancellation));
        Assert.AreEqual(50, (await uploads.FindAsync(upload.Name, Cancellation))!.CommittedSize);
        Assert.IsEmpty(await uploads.ListExpiredAsync(Now.AddHours(2), 10, Cancellation));
        Assert.HasCount(1, await uploads.ListExpiredAsync(Now.AddHours(3), 10, Cancellation));
        Assert.IsTrue(await uploads.EndAsync(upload.Name, UploadState.Finished, 100, Cancellation));
        Assert.IsFalse(await uploads.EndAsync(upload.Name, UploadState.Aborted, 0, Cancellation));
        Assert.IsFalse(await uploads.AdvanceAsync(upload.Name, 60, Now, Cancellation));
        Assert.AreEqual(UploadState.Finished, (await uploads.FindAsync(upload.Name, Cancellation))!.State);
    }

    private static async Task<bool> Try(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (VersionConflictException)
        {
            return false;
        }
    }
}
