using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Hosting.Tests;

/// <summary>A server whose PostgreSQL crashes under it.</summary>
[TestClass, DoNotParallelize]
public sealed class DatabaseGoneTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_database_that_is_gone_is_told_as_such_by_every_way_to_it_and_all_goes_on_when_it_is_back()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-gone-");
        await using var postgres = await PostgresServer.StartAsync(cancellation: Cancellation);
        var connection = await postgres.CreateDatabaseAsync();
        var keyFile = Path.Combine(folder.FullName, "admin.key");
        await new Migration(connection) { AdminKeyFile = keyFile }.ApplyAsync(Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "ledger.key"), RandomNumberGenerator.GetBytes(32), Cancellation);
        var s3 = await S3Server.SharedAsync();
        await using (var server = await EmbeddedServer.StartAsync(
            new ServerOptions
            {
                DataFolder = Path.Combine(folder.FullName, "data"), GrpcPort = 0, HttpPort = 0, Compute = false, LogToConsole = false,
                LedgerFolder = folder.FullName,
                Database = { Provider = "postgres", ConnectionString = connection },
                Cluster = { AdvertisedAddress = "127.0.0.1", SiloPort = 0, GatewayPort = 0 },
                S3 = { Bucket = S3Server.Bucket, Endpoint = s3.Endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = $"{Guid.NewGuid():N}/" },
            },
            Cancellation))
        {
            using var client = new HttpClient { BaseAddress = server.HttpAddress };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(keyFile, Cancellation)).Trim());
            var project = await NameAsync(await client.PostAsJsonAsync("v1/projects", new { displayName = "p" }, Cancellation));
            (await client.PostAsJsonAsync($"v1/{project}/uploads", new { fileName = "t.csv" }, Cancellation)).EnsureSuccessStatusCode();
            string[] ways = ["v1/projects", $"v1/{project}/uploads", $"v1/{project}/datasets", $"v1/{project}/jobs/none"];
            foreach (var way in ways) await GetAsync(client, way); // Connections are open, the caller is known.

            postgres.Kill();
            foreach (var way in ways)
            {
                for (var times = 0; times < 3; times++) // On a connection that was open, and on a new one.
                    Assert.AreEqual(HttpStatusCode.ServiceUnavailable, await GetAsync(client, way), way);
            }

            await postgres.RestartAsync(Cancellation);
            for (var tries = 0; await GetAsync(client, ways[^1]) != HttpStatusCode.NotFound; tries++)
            {
                Assert.IsLessThan(1200, tries);
                await Task.Delay(100, Cancellation);
            }
        }

        folder.Delete(recursive: true);
    }

    private async Task<HttpStatusCode> GetAsync(HttpClient client, string way)
    {
        using var answer = await client.GetAsync(new Uri(way, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    private async Task<string> NameAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.GetProperty("name").GetString()!;
    }
}
