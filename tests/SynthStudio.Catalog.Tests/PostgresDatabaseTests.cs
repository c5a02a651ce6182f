using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace SynthStudio.Catalog.Tests;

/// <summary>What is added to an operator's connection string, and what is left as it says.</summary>
[TestClass]
public sealed class PostgresDatabaseTests
{
    [TestMethod]
    [DataRow("Host=h", GssEncryptionMode.Disable, DisplayName = "nothing is said: no image has Kerberos' library")]
    [DataRow("Host=h;GSS Encryption Mode=Prefer", GssEncryptionMode.Prefer)]
    [DataRow("Host=h;gssencryptionmode=require", GssEncryptionMode.Require, DisplayName = "in one word")]
    public void Kerberos_encrypts_where_the_connection_string_asks_for_it(string given, GssEncryptionMode mode)
    {
        using var source = PostgresDatabase.Open(given);

        Assert.AreEqual(mode, new NpgsqlConnectionStringBuilder(source.ConnectionString).GssEncryptionMode);
    }

    [TestMethod]
    public async Task A_host_that_is_not_found_is_a_database_that_is_away_whoever_connects()
    {
        var folder = Directory.CreateTempSubdirectory("host-");
        await using var source = PostgresDatabase.Open("Host=no-such-host.invalid;Timeout=5");
        await using var catalog = new ServiceCollection().AddSingleton(TimeProvider.System).AddSynthStudioCatalog(
            source, LedgerKey.Open(Path.Combine(folder.FullName, "ledger.key")), _ => throw new InvalidOperationException("Nobody asks for it.")).BuildServiceProvider();

        DbException[] failures =
        [
            Assert.Throws<DbException>(() => source.OpenConnection()),
            await Assert.ThrowsAsync<DbException>(() => source.OpenConnectionAsync().AsTask()),
            await Assert.ThrowsAsync<DbException>(() => catalog.GetRequiredService<CatalogWarmUp>().RunAsync()), // By Entity Framework.
        ];

        foreach (var failure in failures) Assert.IsTrue(failure.IsTransient, failure.Message);
        folder.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow("Host=h", 200)]
    [DataRow("Host=h;Max Auto Prepare=0", 0)]
    [DataRow("Host=h;MaxAutoPrepare=7", 7, DisplayName = "in one word")]
    public void Statements_are_prepared_unless_the_connection_string_says_otherwise(string given, int most)
    {
        using var source = PostgresDatabase.Open(given);

        Assert.AreEqual(most, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxAutoPrepare);
    }
}
