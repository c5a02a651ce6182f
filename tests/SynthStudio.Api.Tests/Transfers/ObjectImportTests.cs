using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Api.Transfers;
using SynthStudio.Api.Transfers.Buckets;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>Objects come in from a real server that speaks the protocol of S3, and what goes wrong says what to do.</summary>
[TestClass]
public sealed class ObjectImportTests : ApiTest
{
    private const string Content = "a,b\n1,x\n2,y\n";

    private static ApiServer _open = null!;
    private static S3Server _store = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _open = await ApiServer.StartAsync(options =>
        {
            options.Transfers.ReachTestServers();
            options.MaxUploadBytes = 1 << 20;
        });
        _store = await S3Server.SharedAsync();
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(S3Server.Key, S3Server.Key),
            new AmazonS3Config
            {
                ServiceURL = _store.Endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1",
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            });
        foreach (var (key, content) in new[] { ("in/people.csv", Content), ("in/large.csv", new string('x', (1 << 20) + 1)) })
        {
            await client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = S3Server.Bucket, Key = key, InputStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), UseChunkEncoding = false,
            });
        }
    }

    [ClassCleanup]
    public static async Task StopAsync() => await _open.DisposeAsync();

    [TestMethod]
    public async Task An_object_becomes_a_data_set_by_a_connection_or_with_a_key_of_its_own()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var connection = await client.Connections.CreateConnectionAsync(new() { Parent = project, Connection = new() { Bucket = Endpoint() } });
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)));
        foreach (var transfer in new[]
                 {
                     new V1.Transfer { Connection = connection.Name, ObjectImport = new() { Key = "in/people.csv" } },
                     new V1.Transfer { Bucket = Endpoint(), ObjectImport = new() { Key = "in/people.csv", Sha256 = sha256, Dataset = new() { Withheld = true } } },
                 })
        {
            var done = await EndAsync(client, project, transfer);
            Assert.AreEqual((V1.TransferState.Succeeded, Content.Length), (done.State, done.SizeBytes), done.Error?.Message);
            var dataset = await client.Datasets.GetDatasetAsync(new() { Name = done.Dataset });
            Assert.AreEqual(("people.csv", sha256, transfer.ObjectImport.Dataset is not null), (dataset.FileName, dataset.Sha256, dataset.Withheld));
            Assert.AreEqual("", done.Bucket?.SecretKey ?? "");
        }

        var came = (await client.Projects.GetProjectUsageAsync(new() { Name = $"{project}/usage" })).Months.Single();
        Assert.AreEqual(new V1.ArrivalUsage { Source = "import", Arrivals = 2, Bytes = 2 * Content.Length }, came.Arrivals.Single());
    }

    [TestMethod]
    [DataRow("in/nothing.csv", "OBJECT_MISSING")]
    [DataRow("in/large.csv", "TOO_LARGE")]
    [DataRow("bucket", "BUCKET_UNKNOWN")]
    [DataRow("key", "LOGIN_REFUSED")]
    [DataRow("sha256", "CONTENT_MISMATCH")]
    [DataRow("port", "ENDPOINT_UNREACHABLE")]
    [DataRow("host", "ADDRESS_NOT_ALLOWED")]
    public async Task What_goes_wrong_says_why(string what, string reason)
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var endpoint = Endpoint();
        var import = new V1.ObjectImport { Key = what.StartsWith("in/", StringComparison.Ordinal) ? what : "in/people.csv" };
        if (what == "bucket") endpoint.Bucket = "nothing-of-that-name";
        if (what == "key") endpoint.AccessKey = "ANOTHER";
        if (what == "sha256") import.Sha256 = new string('0', 64);
        if (what == "port") endpoint.Url = $"http://127.0.0.1:{Ports.FindFree()}";
        if (what == "host") endpoint.Url = "http://no-such-host.invalid";

        var done = await EndAsync(client, await client.ProjectAsync(), new() { Bucket = endpoint, ObjectImport = import });

        Assert.AreEqual((V1.TransferState.Failed, reason), (done.State, done.Error?.Reason), done.Error?.Message);
    }

    [TestMethod]
    [DataRow(true, null)]
    [DataRow(false, "CONTENT_MISMATCH")]
    public async Task An_import_that_died_before_its_bytes_were_compared_is_compared_by_the_next_attempt(bool isRight, string? reason)
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = await client.ProjectAsync(), Upload = new() { FileName = "rows.csv" } });
        var sha256 = isRight ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content))) : new string('0', 64);
        var sinks = _open.Get<ImportSinks>();
        var sink = (await sinks.BeginAsync(upload.Name, upload.Dataset, sha256, new TransferProgress(), Cancellation))!;
        await sink.AppendAsync(Encoding.UTF8.GetBytes(Content), 2, Cancellation);
        var dying = ActivatorUtilities.CreateInstance<UploadFlow>(
            _open.Services, FailingUploadStore.Of(_open.Get<IUploadStore>(), nameof(IUploadStore.FinishAsync), new IOException("died")));
        await Assert.ThrowsAsync<IOException>(() => dying.CompleteAsync(upload.Name, sha256, Cancellation)); // The hash is noted, and nobody has compared it.

        var transfer = new TransferRecord
        {
            Name = "projects/p/transfers/t", Project = "projects/p", Creator = "users/u", CreateTime = DateTimeOffset.UnixEpoch,
            Endpoint = new() { Bucket = new BucketAddress(_store.Endpoint, "us-east-1", S3Server.Bucket, S3Server.Key) },
            Spec = new() { Object = new ObjectImport(upload.Name, upload.Dataset, "in/people.csv", sha256) },
        };
        var work = new ObjectImportWork(sinks, _open.Get<ForeignPlaces>(), _open.Get<ApiOptions>());
        if (isRight)
        {
            await work.RunAsync(transfer, S3Server.Key, new TransferProgress(), Cancellation);
        }
        else
        {
            var thrown = await Assert.ThrowsAsync<TransferException>(
                () => work.RunAsync(transfer, S3Server.Key, new TransferProgress(), Cancellation));
            Assert.AreEqual(reason, thrown.Error.Reason);
        }

        Assert.AreEqual(isRight, (await _open.Get<DatasetStore>().FindAsync(upload.Dataset, Cancellation))!.Object is not null);
    }

    [TestMethod]
    public async Task Only_public_addresses_are_called_with_tls_unless_the_operator_allows_others()
    {
        var (client, project) = await OwnerAsync(); // Of a server that allows nothing.
        foreach (var url in new[] { _store.Endpoint, "https://127.0.0.1", "https://[::1]", "http://storage.example.org", "https://user@storage.example.org", "https://169.254.169.254", "file:///etc" })
        {
            await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Connections.CreateConnectionAsync(new()
            {
                Parent = project, Connection = new() { Bucket = new() { Url = url, Bucket = "bucket", AccessKey = "k", SecretKey = "s" } },
            }).ResponseAsync);
        }

        var done = await EndAsync(client, project, new()
        {
            Bucket = new() { Url = "https://localhost", Bucket = "bucket", AccessKey = "k", SecretKey = "s" }, ObjectImport = new() { Key = "k" },
        });
        Assert.AreEqual("ADDRESS_NOT_ALLOWED", done.Error.Reason);
    }

    private static V1.BucketEndpoint Endpoint() =>
        new() { Url = _store.Endpoint, Bucket = S3Server.Bucket, AccessKey = S3Server.Key, SecretKey = S3Server.Key };

    private async Task<V1.Transfer> EndAsync(ApiClient client, string project, V1.Transfer wanted)
    {
        var created = await client.Transfers.CreateTransferAsync(new() { Parent = project, Transfer = wanted });
        return await EventuallyAsync(
            async () => await client.Transfers.GetTransferAsync(new() { Name = created.Name }, cancellationToken: Cancellation),
            found => found.EndTime is not null);
    }
}
