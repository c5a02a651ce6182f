using Google.Api;
using Google.Protobuf;
using SynthStudio.Api.Services;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Tests.Access;

/// <summary>A stream does not outlive the right to read or write it.</summary>
[TestClass]
public sealed class StreamAccessTests : ApiTest
{
    [TestMethod]
    public async Task Rows_end_when_their_reader_is_locked_out()
    {
        await using var server = await StartServerAsync();
        var (tenant, client) = await TrainedAsync(server, "model");
        var synthetic = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = 2 } });
        var worker = await server.Worker.TakeAsync(synthetic.Job);
        await worker.PartAsync(0, "a\n1\n");
        using var rows = client.Synthetics.StreamRows(new() { Name = synthetic.Name }, cancellationToken: Cancellation);
        Assert.IsTrue(await rows.ResponseStream.MoveNext(Cancellation));

        await LockOutAsync(server, tenant);

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => ReadOnAsync(rows.ResponseStream));
    }

    [TestMethod]
    public async Task A_download_ends_when_its_reader_is_locked_out()
    {
        await using var server = await StartServerAsync();
        var (tenant, client) = await TrainedAsync(server, new string('x', 48 << 20)); // More than all buffers on the way hold.
        using var model = client.Generators.ExportGenerator(new() { Name = tenant.Generator }, cancellationToken: Cancellation);
        Assert.IsTrue(await model.ResponseStream.MoveNext(Cancellation));

        await LockOutAsync(server, tenant);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => ReadOnAsync(model.ResponseStream));
    }

    [TestMethod]
    public async Task An_export_of_a_trail_ends_when_its_reader_is_locked_out()
    {
        await using var server = await ApiServer.StartAsync(options => options.HeartbeatInterval = TimeSpan.Zero); // Looks before each piece.
        var tenant = await Tenant.CreateAsync(server);
        var entry = new AuditEvent { Actor = tenant.User, Method = "DatasetService/GetDataset", Resource = $"{tenant.Project}/datasets/{new string('d', 60)}", Outcome = "OK" };
        // More than one piece.
        await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(_ => server.Get<AuditTrail>().AppendAsync(tenant.Project, entry, Cancellation)));
        var context = new MadeUpCall("/synthstudio.v1.AuditService/ExportAuditTrail", Cancellation);
        context.GetHttpContext().Request.Headers.Authorization = $"Bearer {tenant.Key}";
        var pieces = new Pieces(() => LockOutAsync(server, tenant));

        await RefusedAsync(
            StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => server.Get<AuditService>().ExportAuditTrail(new() { Parent = tenant.Project }, pieces, context));

        Assert.AreEqual(1, pieces.Count);
    }

    [TestMethod]
    public async Task A_file_over_http_breaks_off_when_its_reader_is_locked_out()
    {
        await using var server = await StartServerAsync();
        var (tenant, _) = await TrainedAsync(server, new string('x', 48 << 20));
        using var http = server.Http(tenant.Key);
        using var response = await http.GetAsync($"/v1/{tenant.Generator}:export", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var content = await response.Content.ReadAsStreamAsync(Cancellation);
        Assert.AreEqual(1, await content.ReadAsync(new byte[1], Cancellation));

        await LockOutAsync(server, tenant);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);

        await Assert.ThrowsAsync<IOException>(() => content.CopyToAsync(Stream.Null, Cancellation), "A file that is not whole must not look so.");
    }

    [TestMethod]
    public async Task An_upload_ends_when_its_writer_is_locked_out()
    {
        await using var server = await StartServerAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        using var write = client.Uploads.WriteUpload(cancellationToken: Cancellation);
        await write.RequestStream.WriteAsync(new() { Name = tenant.Upload, Data = Piece }, Cancellation);
        await EventuallyAsync(async () => await client.Uploads.GetUploadAsync(new() { Name = tenant.Upload }), upload => upload.CommittedSize == Piece.Length);

        await LockOutAsync(server, tenant);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", async () =>
        {
            await SendAsync(() => write.RequestStream.WriteAsync(new() { Offset = Piece.Length, Data = Piece }, Cancellation));
            await write;
        });
        using var admin = server.Client(server.AdminKey);
        Assert.AreEqual(Piece.Length, (await admin.Uploads.GetUploadAsync(new() { Name = tenant.Upload })).CommittedSize);
    }

    [TestMethod]
    public async Task Nobody_finishes_an_upload_in_a_project_that_they_were_removed_from()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var (user, key) = await Server.UserAsync();
        using var owner = Server.Client(tenant.Key);
        await owner.Projects.SetProjectMemberAsync(
            new() { Parent = tenant.Project, Member = new() { User = user, Role = V1.ProjectRole.Editor } },
            cancellationToken: Cancellation);
        var token = (await Server.Client(null).Identity.CreateTokenAsync(new() { ApiKey = key }, cancellationToken: Cancellation)).AccessToken;
        using var client = Server.Client(token);
        using var write = client.Uploads.WriteUpload(cancellationToken: Cancellation);
        await write.RequestStream.WriteAsync(new() { Name = tenant.Upload, Data = Piece }, Cancellation);
        await EventuallyAsync(async () => await client.Uploads.GetUploadAsync(new() { Name = tenant.Upload }), upload => upload.CommittedSize == Piece.Length);

        await owner.Projects.DeleteProjectMemberAsync(new() { Name = $"{tenant.Project}/members/{user["users/".Length..]}" }, cancellationToken: Cancellation);

        await RefusedAsync(StatusCode.NotFound, null, async () =>
        {
            await SendAsync(() => write.RequestStream.WriteAsync(new() { Offset = Piece.Length, Finish = true }, Cancellation));
            await write;
        });
        Assert.AreEqual(V1.DatasetState.Uploading, (await owner.Datasets.GetDatasetAsync(new() { Name = tenant.EmptyDataset })).State);
    }

    private static ByteString Piece { get; } = ByteString.CopyFromUtf8("a,b\n1,2\n");

    private static Task<ApiServer> StartServerAsync() => ApiServer.StartAsync(options => options.HeartbeatInterval = TimeSpan.FromSeconds(1));

    private static async Task<(Tenant Tenant, ApiClient Client)> TrainedAsync(ApiServer server, string model)
    {
        var tenant = await Tenant.CreateAsync(server);
        var client = server.Client(tenant.Key);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        await (await server.Worker.TakeAsync(training.Name)).CompleteAsync(("model", model));
        return (tenant, client);
    }

    private static async Task LockOutAsync(ApiServer server, Tenant tenant)
    {
        using var admin = server.Client(server.AdminKey);
        await admin.Identity.DeleteUserAsync(new() { Name = tenant.User, OrphanProjects = true });
    }

    private async Task ReadOnAsync<T>(IAsyncStreamReader<T> stream)
    {
        while (await stream.MoveNext(Cancellation))
        {
        }
    }

    /// <summary>Takes what is sent, and does something after the first piece.</summary>
    private sealed class Pieces(Func<Task> afterFirst) : IServerStreamWriter<HttpBody>
    {
        public int Count { get; private set; }

        public WriteOptions? WriteOptions { get; set; }

        public async Task WriteAsync(HttpBody message)
        {
            if (++Count == 1) await afterFirst();
        }

        public Task WriteAsync(HttpBody message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
