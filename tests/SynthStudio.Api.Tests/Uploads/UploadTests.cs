using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Uploads;

[TestClass]
public sealed class UploadTests : ApiTest
{
    private static readonly byte[] File = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"{i},{i * 7}")));

    private static string Sha256 => Convert.ToHexStringLower(SHA256.HashData(File));

    [TestMethod]
    public async Task A_schema_that_is_none_is_refused_when_it_is_set()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        const string Wrong = """{"columns":{"age":"wrong"}}""";

        var (error, info) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_SCHEMA", () => client.Uploads.CreateUploadAsync(
            new() { Parent = tenant.Project, Upload = new() { FileName = "a.csv", SchemaJson = Wrong } }).ResponseAsync);
        Assert.AreEqual("age", info.Metadata["column"]);
        Assert.AreEqual("upload.schema_json: The kind of 'age' is wrong.", error.Status.Detail);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_SCHEMA", () => client.Datasets.UpdateDatasetAsync(
            new() { Dataset = new() { Name = tenant.Dataset, SchemaJson = Wrong } }).ResponseAsync);
        Assert.AreEqual("", (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).SchemaJson);
        await client.Uploads.CreateUploadAsync(
            new() { Parent = tenant.Project, Upload = new() { FileName = "a.csv", SchemaJson = """{"columns":{"age":"integer"}}""" } });
    }

    [TestMethod]
    public async Task Uploads_are_listed_newest_first_in_pages()
    {
        var (client, project) = await OwnerAsync();
        foreach (var id in new[] { "a", "b", "c" })
            await client.Uploads.CreateUploadAsync(new() { Parent = project, UploadId = id, Upload = new() { FileName = id + ".csv", DisplayName = "File " + id } });
        await client.Uploads.DeleteUploadAsync(new() { Name = project + "/uploads/b" });

        var first = await client.Uploads.ListUploadsAsync(new() { Parent = project, PageSize = 2 });
        var second = await client.Uploads.ListUploadsAsync(new() { Parent = project, PageSize = 2, PageToken = first.NextPageToken });

        var all = first.Uploads.Concat(second.Uploads).ToList();
        CollectionAssert.AreEqual(new[] { "c.csv", "b.csv", "a.csv" }, all.Select(u => u.FileName).ToArray());
        CollectionAssert.AreEqual(
            new[] { V1.UploadState.Active, V1.UploadState.Abandoned, V1.UploadState.Active }, all.Select(u => u.State).ToArray());
        Assert.AreEqual("File c", all[0].DisplayName);
        Assert.AreEqual("", second.NextPageToken);
    }

    [TestMethod]
    public async Task A_completion_that_died_after_the_bytes_were_stored_is_completed_by_its_repeat()
    {
        var (client, project) = await OwnerAsync();
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        using (var write = client.Uploads.WriteUpload())
        {
            await write.RequestStream.WriteAsync(new() { Name = upload.Name, Data = ByteString.CopyFrom(File) }, Cancellation);
            await write.RequestStream.CompleteAsync();
            await write;
        }

        // The crash: the upload's file has become an object, its hash is noted, and the data set does not know.
        var record = (await Server.Get<UploadIndex>().FindAsync(upload.Name))!;
        await Server.Get<UploadIndex>().NoteObjectAsync(record, Sha256, ObjectKeys.For(Sha256), Cancellation);
        await Server.Get<IUploadStore>().FinishAsync(record.Session, "text/csv", cancellation: Cancellation);

        await RefusedAsync(StatusCode.DataLoss, "CONTENT_MISMATCH", () => client.Uploads.CompleteUploadAsync(
            new() { Name = upload.Name, Sha256 = new string('0', 64) }).ResponseAsync);
        var dataset = await client.Uploads.CompleteUploadAsync(new() { Name = upload.Name });

        Assert.AreEqual(Sha256, dataset.Sha256);
        Assert.AreEqual(File.Length, dataset.SizeBytes);
    }

    [TestMethod]
    public async Task A_completion_that_died_beside_a_turn_of_its_projects_key_is_completed_by_its_repeat()
    {
        await using var server = await ApiServer.StartAsync(encrypt: true);
        using var client = server.Client((await server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        using (var write = client.Uploads.WriteUpload())
        {
            await write.RequestStream.WriteAsync(new() { Name = upload.Name, Data = ByteString.CopyFrom(File) }, Cancellation);
            await write.RequestStream.CompleteAsync();
            await write;
        }

        // The crash: what was noted is the name by the key so far, and the object got its name by the one that came just then.
        var record = (await server.Get<UploadIndex>().FindAsync(upload.Name, Cancellation))!;
        var noted = await server.Get<IObjectStore>().OfProject(project).KeyOfAsync(Sha256, Cancellation);
        await server.Get<UploadIndex>().NoteObjectAsync(record, Sha256, noted, Cancellation);
        await server.Get<ProjectKeyStore>().RotateAsync(project, Cancellation);
        var stored = await server.Get<IUploadStore>().FinishAsync(record.Session, "text/csv", project: project, cancellation: Cancellation);
        Assert.AreNotEqual(noted, stored.Key);

        var dataset = await client.Uploads.CompleteUploadAsync(new() { Name = upload.Name });

        Assert.AreEqual((Sha256, (long)File.Length), (dataset.Sha256, dataset.SizeBytes));
    }

    [TestMethod]
    public void Crc32C_has_the_published_check_value() => Assert.AreEqual(0xe3069283u, Checksums.Crc32C("123456789"u8));

    [TestMethod]
    public async Task A_file_streams_in_and_becomes_a_data_set_that_is_read()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, File.Length);

        var answer = await WriteAsync(client, upload, File, 0, finish: true);

        Assert.AreEqual(File.Length, answer.CommittedSize);
        Assert.AreEqual(V1.DatasetState.Profiling, answer.Dataset.State);
        Assert.AreEqual(Sha256, answer.Dataset.Sha256);
        Assert.AreEqual(V1.UploadState.Completed, (await client.Uploads.GetUploadAsync(new() { Name = upload })).State);

        var worker = await Server.Worker.TakeAsync(answer.Dataset.Job);
        await worker.CompleteAsync(("schema", """{"columns":{"a":"integer"}}"""), ("profile", """{"rows":3}"""));
        var dataset = await EventuallyAsync(
            async () => await client.Datasets.GetDatasetAsync(new() { Name = answer.Dataset.Name }), d => d.State == V1.DatasetState.Ready);
        Assert.AreEqual(3, dataset.RowCount);
        Assert.AreEqual("""{"columns":{"a":"integer"}}""", dataset.SchemaJson);
        Assert.AreEqual("""{"rows":3}""", (await client.Datasets.GetDatasetProfileAsync(new() { Name = dataset.Name + "/profile" })).Json);
    }

    [TestMethod]
    public async Task A_killed_client_goes_on_where_it_was()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, File.Length);
        using (var call = client.Uploads.WriteUpload())
        {
            await call.RequestStream.WriteAsync(Chunk(upload, File, 0, 50_000), Cancellation);
            await EventuallyAsync(async () => await client.Uploads.GetUploadAsync(new() { Name = upload }), u => u.CommittedSize == 50_000);
        } // Disposing a call that is not complete kills it.

        var resumed = await client.Uploads.GetUploadAsync(new() { Name = upload });
        var answer = await WriteAsync(client, upload, File, (int)resumed.CommittedSize, finish: true);

        Assert.AreEqual(50_000, resumed.CommittedSize);
        Assert.AreEqual(Sha256, answer.Dataset.Sha256);
    }

    [TestMethod]
    public async Task A_wrong_offset_is_told_the_right_one()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, null);
        await WriteAsync(client, upload, File[..1000], 0, finish: false);

        var (_, info) = await RefusedAsync(StatusCode.OutOfRange, "WRONG_OFFSET", () => WriteAsync(client, upload, File, 500, finish: false));

        Assert.AreEqual("1000", info.Metadata["committed_size"]);
    }

    [TestMethod]
    public async Task A_damaged_chunk_is_refused_and_what_came_before_it_stays()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, null);
        using var call = client.Uploads.WriteUpload();
        await call.RequestStream.WriteAsync(Chunk(upload, File, 0, 1000), Cancellation);
        var damaged = Chunk(upload, File, 1000, 1000);
        damaged.Crc32C ^= 1;

        await RefusedAsync(StatusCode.DataLoss, "CHUNK_CORRUPT", async () =>
        {
            await SendAsync(async () =>
            {
                await call.RequestStream.WriteAsync(damaged, Cancellation);
                await call.RequestStream.CompleteAsync();
            });
            await call;
        });
        Assert.AreEqual(1000, (await client.Uploads.GetUploadAsync(new() { Name = upload })).CommittedSize);
    }

    [TestMethod]
    public async Task Other_bytes_than_the_client_meant_are_refused_at_the_end()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, null);
        await WriteAsync(client, upload, File, 0, finish: false);

        await RefusedAsync(StatusCode.DataLoss, "CONTENT_MISMATCH", () => client.Uploads.CompleteUploadAsync(
            new() { Name = upload, Sha256 = new string('0', 64) }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Uploads.CompleteUploadAsync(
            new() { Name = upload, Sha256 = "abc" }).ResponseAsync);
        Assert.AreEqual(Sha256, (await client.Uploads.CompleteUploadAsync(new() { Name = upload, Sha256 = Sha256.ToUpperInvariant() })).Sha256);
    }

    [TestMethod]
    public async Task Completing_twice_gives_the_same_data_set()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, File.Length);
        await WriteAsync(client, upload, File, 0, finish: false);

        var first = await client.Uploads.CompleteUploadAsync(new() { Name = upload, Sha256 = Sha256 });
        var second = await client.Uploads.CompleteUploadAsync(new() { Name = upload, Sha256 = Sha256 });

        Assert.AreEqual(first, second);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => WriteAsync(client, upload, File, 0, finish: false));
    }

    [TestMethod]
    public async Task The_declared_size_counts()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, 1000);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => WriteAsync(client, upload, File[..2000], 0, finish: false));

        await WriteAsync(client, upload, File[..500], 0, finish: false);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Uploads.CompleteUploadAsync(new() { Name = upload }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_message_that_is_too_large_is_refused_in_words()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, null);

        var (error, _) = await RefusedAsync(StatusCode.ResourceExhausted, "TOO_LARGE", async () =>
        {
            await WriteAsync(client, upload, new byte[5 << 20], 0, finish: false, chunk: 5 << 20);
        });

        Assert.Contains("4 MiB", error.Status.Detail);
        // By another client: what was still being sent to the refused call may have ended its connection.
        var (other, theirs) = await OwnerAsync();
        await WriteAsync(other, await CreateAsync(other, theirs, null), new byte[4 << 20], 0, finish: false, chunk: 4 << 20);
    }

    [TestMethod]
    public async Task An_upload_that_is_given_up_takes_its_data_set_along()
    {
        var (client, project) = await OwnerAsync();
        var upload = await CreateAsync(client, project, null);
        await WriteAsync(client, upload, File, 0, finish: false);

        await client.Uploads.DeleteUploadAsync(new() { Name = upload });

        Assert.IsEmpty((await client.Datasets.ListDatasetsAsync(new() { Parent = project })).Datasets);
        Assert.AreEqual(V1.UploadState.Abandoned, (await client.Uploads.GetUploadAsync(new() { Name = upload })).State);
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => WriteAsync(client, upload, File, 0, finish: false));
    }

    [TestMethod]
    [DataRow("../evil.csv")]
    [DataRow("a\\b.csv")]
    [DataRow("a\0.csv")]
    [DataRow("sales\u202Evsc.exe")]
    [DataRow("")]
    [DataRow("..")]
    public async Task A_file_name_with_a_folder_is_refused(string name)
    {
        var (client, project) = await OwnerAsync();

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Uploads.CreateUploadAsync(
            new() { Parent = project, Upload = new() { FileName = name } }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_schema_that_is_no_json_is_refused_with_its_place()
    {
        var (client, project) = await OwnerAsync();

        var (error, _) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Uploads.CreateUploadAsync(
            new() { Parent = project, Upload = new() { FileName = "a.csv", SchemaJson = "{\n oops" } }).ResponseAsync);

        Assert.Contains("line 2", error.Status.Detail);
    }

    private async Task<string> CreateAsync(ApiClient client, string project, long? size) => (await client.Uploads.CreateUploadAsync(
        new() { Parent = project, Upload = new() { FileName = "t.csv", SizeBytes = size ?? 0 } }, cancellationToken: Cancellation)).Name;

    private async Task<V1.WriteUploadResponse> WriteAsync(
        ApiClient client, string upload, byte[] file, int from, bool finish, int chunk = 30_000)
    {
        using var call = client.Uploads.WriteUpload(cancellationToken: Cancellation);
        await SendAsync(async () =>
        {
            for (var offset = from; offset < file.Length; offset += chunk)
                await call.RequestStream.WriteAsync(Chunk(upload, file, offset, Math.Min(chunk, file.Length - offset)), Cancellation);
            if (finish) await call.RequestStream.WriteAsync(new() { Name = upload, Offset = file.Length, Finish = true, Sha256 = Sha256 }, Cancellation);
            await call.RequestStream.CompleteAsync();
        });
        return await call;
    }

    private static V1.WriteUploadRequest Chunk(string upload, byte[] file, int offset, int length) => new()
    {
        Name = upload,
        Offset = offset,
        Data = ByteString.CopyFrom(file, offset, length),
        Crc32C = Checksums.Crc32C(file.AsSpan(offset, length)),
    };
}
