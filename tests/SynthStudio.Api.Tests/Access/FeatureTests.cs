using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Access;

/// <summary>Parts of the API that an installation goes without.</summary>
[TestClass]
public sealed class FeatureTests
{
    [TestMethod]
    public async Task A_part_that_is_off_says_so_and_the_rest_goes_on()
    {
        await using var server = await ApiServer.StartAsync(options => (options.Features.Privacy, options.Features.Reflection) = (false, false));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);

        await OffAsync(() => client.Privacy.ComputeEpsilonAsync(new() { SampleRate = 0.1, NoiseMultiplier = 1, Steps = 1, Delta = 1e-5 }).ResponseAsync);
        await OffAsync(() => client.Generators.CreateGeneratorAsync(new()
        {
            Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, PrivacyTerms = new() { Epsilon = 1, Delta = 1e-6, Rows = 100 } },
        }).ResponseAsync);
        await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator });

        using var reflection = new Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(client.Invoker).ServerReflectionInfo();
        var error = await Assert.ThrowsExactlyAsync<RpcException>(async () =>
        {
            try
            {
                await reflection.RequestStream.WriteAsync(new() { ListServices = "" });
            }
            catch (RpcException)
            {
                // The refusal was faster than the question; what it says is in the answer.
            }

            await reflection.ResponseStream.MoveNext(CancellationToken.None);
        });
        Assert.AreEqual(StatusCode.Unimplemented, error.StatusCode);

        static async Task OffAsync(Func<Task> call)
        {
            var error = await Assert.ThrowsExactlyAsync<RpcException>(call);
            Assert.AreEqual(StatusCode.Unimplemented, error.StatusCode);
            Assert.Contains("SynthStudio:Api:Features:Privacy", error.Status.Detail);
        }
    }

    [TestMethod]
    public async Task A_server_that_encrypts_its_objects_serves_them_as_any_other_and_turns_keys_for_administrators()
    {
        await using var server = await ApiServer.StartAsync(encrypt: true);
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        using var admin = server.Client(server.AdminKey);
        var content = "a,b\n1,2\n"u8.ToArray();
        for (var round = 0; round < 2; round++)
        {
            var upload = await client.Uploads.CreateUploadAsync(new() { Parent = tenant.Project, Upload = new() { FileName = "t.csv" } });
            using var write = client.Uploads.WriteUpload();
            await write.RequestStream.WriteAsync(new() { Name = upload.Name, Data = Google.Protobuf.ByteString.CopyFrom(content), Finish = true });
            await write.RequestStream.CompleteAsync();
            await write;
            var dataset = await server.Get<DatasetStore>().FindAsync(upload.Dataset);
            Assert.AreNotEqual(SynthStudio.Storage.ObjectKeys.For(dataset!.Object!.Sha256), dataset.Object.Key);
            await using var stored = await server.Get<SynthStudio.Storage.IObjectStore>().OpenReadAsync(dataset.Object);
            var read = new byte[content.Length];
            await stored.ReadExactlyAsync(read);
            CollectionAssert.AreEqual(content, read);

            await Assert.ThrowsExactlyAsync<RpcException>(() => client.Cluster.RotateProjectKeyAsync(new() { Project = tenant.Project }).ResponseAsync);
            await admin.Cluster.RotateProjectKeyAsync(new() { Project = tenant.Project });
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(server.Folder, "objects"), "*", SearchOption.AllDirectories))
            Assert.IsLessThan(0, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(content), file);
    }
}
