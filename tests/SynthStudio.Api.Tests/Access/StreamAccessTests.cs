namespace SynthStudio.Api.Tests.Access;

/// <summary>A stream does not outlive the right to read it.</summary>
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
        await admin.Identity.DeleteUserAsync(new() { Name = tenant.User });
    }

    private async Task ReadOnAsync<T>(IAsyncStreamReader<T> stream)
    {
        while (await stream.MoveNext(Cancellation))
        {
        }
    }
}
