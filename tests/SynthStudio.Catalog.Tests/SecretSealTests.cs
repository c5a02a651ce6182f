using System.Security.Cryptography;
using System.Text;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Catalog.Secrets;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;

namespace SynthStudio.Catalog.Tests;

/// <summary>
/// A new master key takes the place of an earlier one: whatever happens meanwhile, no secret is lost, and in the end nothing needs the
/// earlier one.
/// </summary>
public abstract class SecretSealTests(Provider provider)
{
    private const string Project = TestCatalog.Project;
    private const int People = 4;

    private readonly byte[] _old = NewKey(), _new = NewKey();
    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private AccountStore Accounts => _catalog.Get<AccountStore>();

    private IEnumerable<SealedColumn> Columns =>
        [SigningKeyStore.Column, ProjectKeyStore.Column, ConnectionStore.Connections, ConnectionStore.Transfers, Factors(new MasterKey(_old)).Column];

    [TestInitialize]
    public async Task OpenAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task CloseAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task All_kinds_are_sealed_anew_once_and_the_earlier_key_can_be_forgotten()
    {
        await FillAsync(new MasterKey(_old));
        var secrets = await OpenAllAsync(new MasterKey(_old));
        var seals = Seals(new MasterKey(_new, _old));

        var first = await seals.ResealAsync(includeEarlierForms: true, Cancellation);
        var second = await seals.ResealAsync(includeEarlierForms: true, Cancellation);

        CollectionAssert.AreEqual(
            new ResealedSecrets[]
            {
                new(SecretKind.SigningKey, 1, 1, 0), new(SecretKind.ProjectKey, 2, 2, 0),
                new(SecretKind.Connection, 1, 1, 0), new(SecretKind.Transfer, 1, 1, 0),
                new(SecretKind.SecondFactor, People, People, 0),
            },
            first.ToArray());
        CollectionAssert.AreEqual(first.Select(kind => kind with { Resealed = 0 }).ToArray(), second.ToArray());
        CollectionAssert.AreEqual(secrets, await OpenAllAsync(new MasterKey(_new)));

        var connection = (await _catalog.Get<ConnectionStore>().FindAsync($"{Project}/connections/c", Cancellation))!;
        Assert.AreEqual("hunter2", new ConnectionStore(_catalog.Database, new MasterKey(_new)).Open(connection.SealedSecret, connection.Name));
        CollectionAssert.AreEqual(Code(0), Factors(new MasterKey(_new)).Open((await Accounts.FindAsync("users/u0", Cancellation))!.SecondFactor!, "users/u0"));
        Assert.HasCount(1, await new SigningKeyStore(_catalog.Database, new MasterKey(_new))
            .RotateAsync(_catalog.Clock.GetUtcNow(), SigningKeyPolicy.Default, Cancellation));
        await new ProjectKeyStore(_catalog.Database, new MasterKey(_new), _catalog.Clock).CurrentAsync(Project, Cancellation);
    }

    [TestMethod]
    public async Task A_pass_that_dies_before_any_of_its_statements_loses_nothing_and_the_next_one_ends_it()
    {
        await FillAsync(new MasterKey(_old));
        var secrets = await OpenAllAsync(new MasterKey(_old));
        var (current, all, wentOn) = (_old, secrets.Count, 0);
        for (var statement = 1; ; statement++)
        {
            var next = NewKey();
            var turned = new MasterKey(next, current);
            var last = statement;
            var dying = new WatchedDatabase(_catalog.Database, number => number == last ? throw new DeadException() : Task.CompletedTask);
            var died = false;
            try
            {
                await new SecretSeals(dying, turned, Factors(turned)).ResealAsync(includeEarlierForms: true, Cancellation);
            }
            catch (DeadException)
            {
                died = true;
            }

            CollectionAssert.AreEqual(secrets, await OpenAllAsync(turned), $"died before statement {statement}");
            var rest = await Seals(turned).ResealAsync(includeEarlierForms: true, Cancellation);
            CollectionAssert.AreEqual(secrets, await OpenAllAsync(new MasterKey(next)), $"died before statement {statement}");
            Assert.AreEqual((all, 0), (rest.Sum(kind => kind.Count), rest.Sum(kind => kind.Unreadable)));
            if (rest.Sum(kind => kind.Resealed) is var left && left > 0 && left < all) wentOn++;
            current = next;
            if (died) continue;
            Assert.AreEqual(0, left, "A pass that ends leaves nothing.");
            break;
        }

        Assert.IsGreaterThanOrEqualTo(all - 1, wentOn, "After each secret but the last one a pass died.");
    }

    [TestMethod]
    public async Task A_replica_whose_new_key_is_still_to_come_opens_what_others_seal_by_it_and_seals_nothing_back()
    {
        var (behind, ahead) = (new MasterKey(_old) { Next = _new }, new MasterKey(_new, _old));
        await FillAsync(behind);
        var secrets = await OpenAllAsync(behind);
        Assert.AreEqual(secrets.Count, (await Seals(ahead).ResealAsync(includeEarlierForms: true, Cancellation)).Sum(kind => kind.Resealed));

        CollectionAssert.AreEqual(secrets, await OpenAllAsync(behind));
        Assert.AreEqual(0, (await Seals(behind).ResealAsync(includeEarlierForms: true, Cancellation)).Sum(kind => kind.Resealed + kind.Unreadable));
        await AddPersonAsync("late", Factors(behind).Seal(Code(9), "users/late")); // By the old key, which is still its own.
        await OpenAllAsync(ahead);
        Assert.AreEqual(1, (await Seals(ahead).ResealAsync(includeEarlierForms: true, Cancellation)).Sum(kind => kind.Resealed));
        Assert.HasCount(secrets.Count + 1, await OpenAllAsync(new MasterKey(_new)));
    }

    [TestMethod]
    public async Task Passes_at_once_seal_each_secret_anew_once()
    {
        await FillAsync(new MasterKey(_old));
        var secrets = await OpenAllAsync(new MasterKey(_old));
        await using var another = _catalog.OpenAnother();
        var turned = new MasterKey(_new, _old);
        SecretSeals[] replicas = [Seals(turned), new SecretSeals(another, turned, Factors(turned))];

        var passes = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            i => Task.Run(() => replicas[i % 2].ResealAsync(includeEarlierForms: true, Cancellation), Cancellation)));

        Assert.AreEqual(secrets.Count, passes.SelectMany(kinds => kinds).Sum(kind => kind.Resealed));
        CollectionAssert.AreEqual(secrets, await OpenAllAsync(new MasterKey(_new)));
    }

    [TestMethod]
    public async Task A_secret_that_somebody_changes_or_removes_meanwhile_stays_as_they_left_it()
    {
        await FillAsync(new MasterKey(_old));
        var turned = new MasterKey(_new, _old);
        var fresh = Factors(new MasterKey(_old)).Seal(Code(77), "users/u1");
        var busy = new WatchedDatabase(_catalog.Database, async _ =>
        {
            // Before each statement, so also between reading and exchanging.
            await _catalog.Database.ExecuteAsync("UPDATE accounts SET second_factor = @secret WHERE owner = 'users/u1'", Cancellation, ("@secret", fresh));
            await Accounts.RemoveSecondFactorAsync("users/u2", _catalog.Clock.GetUtcNow(), Cancellation);
        });
        await new SecretSeals(busy, turned, Factors(turned)).ResealAsync(includeEarlierForms: true, Cancellation);
        await Seals(turned).ResealAsync(includeEarlierForms: true, Cancellation);

        CollectionAssert.AreEqual(Code(77), Factors(new MasterKey(_new)).Open((await Accounts.FindAsync("users/u1", Cancellation))!.SecondFactor!, "users/u1"));
        Assert.IsNull((await Accounts.FindAsync("users/u2", Cancellation))!.SecondFactor);
        CollectionAssert.AreEqual(Code(3), Factors(new MasterKey(_new)).Open((await Accounts.FindAsync("users/u3", Cancellation))!.SecondFactor!, "users/u3"));
    }

    [TestMethod]
    public void The_secret_of_a_second_factor_opens_for_its_user_only_and_only_unchanged()
    {
        var factors = Factors(new MasterKey(_new));
        foreach (var box in new[] { factors.Seal(Code(1), "users/a"), SealedBefore(Code(1), "users/a") })
        {
            CollectionAssert.AreEqual(Code(1), factors.Open(box, "users/a"));
            Assert.Throws<SealBrokenException>(() => factors.Open(box, "users/b"));
            box[^1] ^= 1;
            Assert.Throws<SealBrokenException>(() => factors.Open(box, "users/a"));
        }
    }

    [TestMethod]
    public async Task What_an_earlier_version_stored_is_opened_and_sealed_anew_when_that_is_asked_for()
    {
        var user = "users/before";
        await AddPersonAsync("before", SealedBefore(Code(5), user));
        var factors = Factors(new MasterKey(_new));
        CollectionAssert.AreEqual(Code(5), factors.Open(await StoredAsync(), user));
        Assert.Throws<SealBrokenException>(() => factors.Open(SealedBefore(Code(5), "users/other"), user));

        Assert.AreEqual(
            0,
            (await Seals(new MasterKey(_new)).ResealAsync(includeEarlierForms: false, Cancellation))
                .Sum(kind => kind.Resealed + kind.Unreadable),
            "Replicas of that version may live.");
        Assert.AreEqual(1, (await Seals(new MasterKey(_new)).ResealAsync(includeEarlierForms: true, Cancellation)).Sum(kind => kind.Resealed));

        Assert.IsTrue(new MasterKey(_new).IsCurrent(await StoredAsync()));
        CollectionAssert.AreEqual(Code(5), factors.Open(await StoredAsync(), user));

        async Task<byte[]> StoredAsync() => (await Accounts.FindAsync(user, Cancellation))!.SecondFactor!;
    }

    [TestMethod]
    public async Task What_no_key_opens_is_counted_holds_nothing_up_and_waits_for_its_key()
    {
        await FillAsync(new MasterKey(_old));
        var strange = NewKey();
        await AddPersonAsync("strange", Factors(new MasterKey(strange)).Seal(Code(8), "users/strange"));

        var found = (await Seals(new MasterKey(_new, _old)).ResealAsync(includeEarlierForms: true, Cancellation))
            .Single(kind => kind.Kind == SecretKind.SecondFactor);
        Assert.AreEqual(new ResealedSecrets(SecretKind.SecondFactor, People + 1, People, 1), found);

        found = (await Seals(new MasterKey(_new, strange)).ResealAsync(includeEarlierForms: true, Cancellation))
            .Single(kind => kind.Kind == SecretKind.SecondFactor);
        Assert.AreEqual(new ResealedSecrets(SecretKind.SecondFactor, People + 1, 1, 0), found);
    }

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(MasterKey.Bytes);

    /// <summary>The secret of a person's second factor.</summary>
    private static byte[] Code(int person) => [.. Enumerable.Repeat((byte)(person + 100), 20)];

    private SecondFactorSeals Factors(MasterKey master) => new(master, _catalog.Get<LedgerKey>());

    private SecretSeals Seals(MasterKey master) => new(_catalog.Database, master, Factors(master));

    /// <summary>Secrets of all kinds.</summary>
    private async Task FillAsync(MasterKey master)
    {
        await new SigningKeyStore(_catalog.Database, master).RotateAsync(_catalog.Clock.GetUtcNow(), SigningKeyPolicy.Default, Cancellation);
        var keys = new ProjectKeyStore(_catalog.Database, master, _catalog.Clock);
        await keys.CurrentAsync(Project, Cancellation);
        await keys.RotateAsync(Project, Cancellation);
        var (connections, endpoint) = (
            new ConnectionStore(_catalog.Database, master),
            new TransferEndpoint { Postgres = new PostgresAddress("db.example.org", 5432, "shop", "reader", TransportSecurity.Verified) });
        var (connection, transfer) = ($"{Project}/connections/c", $"{Project}/transfers/t");
        Assert.IsTrue(await connections.TryCreateAsync(
            new ConnectionRecord
            {
                Name = connection, Project = Project, Endpoint = endpoint,
                SealedSecret = connections.Seal("hunter2", connection), Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch,
            },
            most: 9, Cancellation));
        Assert.IsTrue(await _catalog.Get<TransferStore>().TryCreateAsync(
            new TransferRecord
            {
                Name = transfer, Project = Project, Endpoint = endpoint,
                SealedSecret = connections.Seal("correct horse", transfer), Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch,
                Spec = new TransferSpec { Query = new QueryImport($"{Project}/uploads/u", $"{Project}/datasets/u", "SELECT 1", 10, 60) },
            },
            most: 9, Cancellation));
        for (var i = 0; i < People; i++) await AddPersonAsync($"u{i}", Factors(master).Seal(Code(i), $"users/u{i}"));
        await AddPersonAsync("without", factor: null);
    }

    private async Task AddPersonAsync(string id, byte[]? factor)
    {
        var now = _catalog.Clock.GetUtcNow();
        await using var connection = await _catalog.Database.OpenConnectionAsync(Cancellation);
        await AccountStore.AddAsync(
            connection, new UserRecord { Name = $"users/{id}", Role = UserRole.User, CreateTime = now },
            new AccountRecord
            {
                Owner = $"users/{id}", SecondFactor = factor, SecondFactorActive = factor is not null,
                CreateTime = now, UpdateTime = now,
            }, Cancellation);
    }

    /// <summary>Every secret, in the open, by what it is of.</summary>
    private async Task<List<string>> OpenAllAsync(MasterKey master)
    {
        var open = new List<string>();
        foreach (var column in Columns)
        {
            var rows = await _catalog.Database.ReadAsync(
                $"SELECT {column.Key}, {column.Owner ?? column.Key}, {column.Secret} FROM {column.Table} WHERE {column.Secret} IS NOT NULL",
                row => (Key: row.GetString(0), Owner: row.GetString(1), Box: row.GetFieldValue<byte[]>(2)), Cancellation);
            open.AddRange(rows.Select(row => $"{column.Kind} {row.Key} {Convert.ToHexStringLower(master.Open(row.Box, column.Purpose(row.Key, row.Owner)))}"));
        }

        open.Sort(StringComparer.Ordinal);
        return open;
    }

    /// <summary>As versions before sealed the secret of a second factor: by a key of the ledger's, nonce and tag before it.</summary>
    private byte[] SealedBefore(byte[] secret, string user)
    {
        var box = new byte[12 + 16 + secret.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, 12));
        using var cipher = new AesGcm(_catalog.Get<LedgerKey>().SecondFactors(), 16);
        cipher.Encrypt(box.AsSpan(0, 12), secret, box.AsSpan(28), box.AsSpan(12, 16), Encoding.UTF8.GetBytes(user));
        return box;
    }

    /// <summary>The end of a process.</summary>
    private sealed class DeadException : Exception;
}
