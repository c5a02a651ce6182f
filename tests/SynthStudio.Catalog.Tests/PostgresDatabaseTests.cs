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
    [DataRow("Host=h", 200)]
    [DataRow("Host=h;Max Auto Prepare=0", 0)]
    [DataRow("Host=h;MaxAutoPrepare=7", 7, DisplayName = "in one word")]
    public void Statements_are_prepared_unless_the_connection_string_says_otherwise(string given, int most)
    {
        using var source = PostgresDatabase.Open(given);

        Assert.AreEqual(most, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxAutoPrepare);
    }
}
