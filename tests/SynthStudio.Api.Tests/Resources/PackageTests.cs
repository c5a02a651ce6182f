using System.Net.Http.Json;
using System.Security.Cryptography;
using Google.Api;
using Google.Protobuf;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Packages;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Packages of generators leave signed, and come in when somebody who is trusted signed them, to the byte.</summary>
[TestClass]
public sealed class PackageTests : ApiTest
{
    [TestMethod]
    public async Task What_is_exported_is_signed_and_is_the_model_to_the_byte()
    {
        var tenant = await TrainedAsync(Server);
        using var client = Server.Client(tenant.Key);
        var package = await ExportAsync(client, tenant.Generator);

        var verified = await VerifyAsync(package, (await client.Server.GetServerInfoAsync(new())).PackageSigner);

        var model = (await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator })).Model;
        Assert.AreEqual((model.Sha256, model.SizeBytes), (verified.Sha256, verified.Size));
        Assert.AreEqual((tenant.Generator, "https://synthstudio.dev", ""), (verified.Claims!.Generator, verified.Claims.Deployment, verified.Claims.ReceivedFrom));
        Assert.AreEqual("the model", FakePackage.ContentOf(package), "Readers of zip files skip the signature.");
        using var http = Server.Http(tenant.Key);
        using var download = await http.GetAsync($"/v1/{tenant.Generator}:export", Cancellation);
        var file = await download.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.HasCount((int)download.Content.Headers.ContentLength!, file);
        Assert.AreEqual(model.Sha256, (await VerifyAsync(file, (await client.Server.GetServerInfoAsync(new())).PackageSigner)).Sha256);
    }

    [TestMethod]
    public async Task An_imported_generator_draws_and_says_where_it_comes_from()
    {
        var tenant = await TrainedAsync(Server, isPrivate: true);
        var (client, project) = await OwnerAsync();
        var package = await ExportAsync(Server.Client(tenant.Key), tenant.Generator);

        var generator = await ImportAsync(client, project, package, new() { GeneratorId = "imported", DisplayName = "From there" });

        Assert.AreEqual(($"{project}/generators/imported", "From there", V1.GeneratorState.Ready), (generator.Name, generator.DisplayName, generator.State));
        Assert.AreEqual(("", "copula", 4L), (generator.Dataset, generator.Method, generator.Seed));
        Assert.AreEqual((tenant.Generator, "https://synthstudio.dev", "https://synthstudio.dev"), (generator.Origin.Generator, generator.Origin.Signer, generator.Origin.Deployment));
        Assert.IsFalse(generator.Privacy.Guaranteed, "Nothing is known here of the people it learned.");
        Assert.IsTrue(generator.Origin.ClaimedPrivacy.Guaranteed);
        Assert.AreEqual(.9, generator.Origin.ClaimedPrivacy.Epsilon);
        Assert.AreEqual(generator, await client.Generators.GetGeneratorAsync(new() { Name = generator.Name }));

        var drawn = await client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = project, SyntheticDataset = new() { Generator = generator.Name, Rows = 2 } });
        var worker = await Server.Worker.TakeAsync(drawn.Job);
        Assert.AreEqual(generator.Model.Sha256, ((GenerationSpec)worker.Order.Spec).Model.Sha256);
        Assert.Contains("its signer's claim", drawn.PrivacyCost);

        var lineage = await client.Registry.GetLineageAsync(new() { Parent = project, Resource = generator.Name });
        var origin = lineage.Nodes.Single(node => node.Kind == V1.LineageKind.Package);
        Assert.AreEqual((tenant.Generator, "0.9"), (origin.Facts["generator"], origin.Facts["claimed_epsilon"]));
        Assert.IsTrue(lineage.Edges.Any(edge => edge.From == origin.Id && edge.To == generator.Name));
        Assert.IsFalse(lineage.Nodes.Any(node => node.Kind == V1.LineageKind.Dataset));
        var card = (await client.Registry.GetModelCardAsync(new() { Name = $"{generator.Name}/modelCard" })).Content;
        Assert.Contains("privacy_claimed_by_its_signer", card);
        Assert.Contains("not accounted for by this server", card);
        var again = await ImportAsync(client, project, package, new());
        Assert.IsFalse((await client.Registry.GetGeneratorComparisonAsync(new() { Name = generator.Name, Other = again.Name })).SameData, "Nobody knows.");
        await client.Generators.DeleteGeneratorAsync(new() { Name = again.Name });
        Assert.AreEqual(V1.GeneratorState.Ready, (await client.Generators.UndeleteGeneratorAsync(new() { Name = again.Name })).State, "It needs no data set to come back.");

        var (error, _) = await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Generators.TrainGeneratorAsync(
            new() { Name = generator.Name }).ResponseAsync);
        Assert.Contains("start_from", error.Status.Detail);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Privacy.GetPrivacyReportAsync(new() { Name = $"{generator.Name}/privacyReport" }).ResponseAsync);
        var renamed = await client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = generator.Name, DisplayName = "Ours" } });
        Assert.AreEqual(("Ours", generator.Origin), (renamed.DisplayName, renamed.Origin));
        var onward = await VerifyAsync(await ExportAsync(client, generator.Name), (await client.Server.GetServerInfoAsync(new())).PackageSigner);
        Assert.AreEqual(($"https://synthstudio.dev ({generator.Origin.KeyId})", generator.Model.Sha256), (onward.Claims!.ReceivedFrom, onward.Sha256));
        Assert.HasCount(2, (await client.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Method = "GeneratorService/ImportGenerator", Outcome = "OK" } })).AuditEntries);
    }

    [TestMethod]
    public async Task Evidence_tells_that_a_generator_was_imported_and_what_only_its_signer_claims()
    {
        var tenant = await TrainedAsync(Server, isPrivate: true);
        var (client, project) = await OwnerAsync();
        var generator = await ImportAsync(client, project, await ExportAsync(Server.Client(tenant.Key), tenant.Generator), new());

        var pack = await client.Evidence.CreateEvidencePackAsync(new() { Parent = project, EvidencePack = new() });

        using var call = client.Evidence.DownloadEvidencePack(new() { Name = pack.Name, Format = V1.EvidenceFormat.Json }, cancellationToken: Cancellation);
        using var file = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(Cancellation)) piece.Data.WriteTo(file);
        using var json = System.Text.Json.JsonDocument.Parse(file.ToArray());
        var model = json.RootElement.GetProperty("facts").GetProperty("generators")[0];
        Assert.IsFalse(model.TryGetProperty("promise", out _), "It is not this server's.");
        Assert.IsFalse(model.TryGetProperty("learned_identifiers", out _), "Nobody here knows.");
        var origin = model.GetProperty("origin");
        Assert.AreEqual(
            (tenant.Generator, "https://synthstudio.dev", generator.Origin.KeyId, .9),
            (origin.GetProperty("generator").GetString(), origin.GetProperty("signer").GetString(), origin.GetProperty("key_id").GetString(), origin.GetProperty("claimed_epsilon").GetDouble()));
        Assert.AreEqual($"Model card of {generator.Name}", json.RootElement.GetProperty("attachments").EnumerateArray().Single().GetProperty("title").GetString());
    }

    [TestMethod]
    public async Task What_is_not_what_was_signed_is_refused()
    {
        var tenant = await TrainedAsync(Server);
        var (client, project) = await OwnerAsync();
        var package = await ExportAsync(Server.Client(tenant.Key), tenant.Generator);
        var own = Server.Get<Packages.PackageKeys>().Own;
        using var stranger = PackageSeal.Of(LedgerKey.Open(Path.Combine(Server.Folder, "another", "ledger.key")), own.Name);
        var end = package.AsSpan().LastIndexOf("PK\u0005\u0006"u8) + 22;
        (string Reason, byte[] Package)[] wrong =
        [
            ("PACKAGE_TAMPERED", With(package, at: package.AsSpan().IndexOf("the model"u8), 'T')),
            ("PACKAGE_TAMPERED", With(package, at: package.AsSpan().IndexOf("claims"u8) + 20, 'A')),
            ("PACKAGE_TAMPERED", With(package, at: end, 'x')),
            ("PACKAGE_TAMPERED", [.. Sign(own, FakePackage.Of("another"))[..^200], .. package[^200..]]),
            ("PACKAGE_CORRUPT", package[..^1]),
            ("PACKAGE_CORRUPT", [.. package, 0]),
            ("PACKAGE_CORRUPT", "no package"u8.ToArray()),
            ("PACKAGE_UNSIGNED", FakePackage.Of("the model")),
            ("PACKAGE_SIGNER_UNKNOWN", Sign(stranger, FakePackage.Of("the model"))),
            ("PACKAGE_TOO_NEW", Sign(own, FakePackage.Of("the model", format: PackageFile.NewestLayout + 1))),
            ("PACKAGE_TOO_NEW", Replace(package, "\"format\":1", "\"format\":2")),
            ("PACKAGE_CORRUPT", Sign(own, FakePackage.Of("the model", listed: "another"))),
            ("PACKAGE_CORRUPT", Sign(own, FakePackage.Of("the model", lostChecksum: true))),
            ("PACKAGE_CORRUPT", Sign(own, FakePackage.Of("the model", privacy: """{"guaranteed":true}"""))),
            ("UNKNOWN_METHOD", Sign(own, FakePackage.Of("the model", method: "sorcery"))),
        ];

        foreach (var (reason, content) in wrong) await RefusedAsync(StatusCode.FailedPrecondition, reason, () => ImportAsync(client, project, content, new()));

        await RefusedAsync(StatusCode.FailedPrecondition, "PACKAGE_UNSIGNED", () => ImportAsync(client, project, FakePackage.Of("the model"), new() { AllowUnsigned = true }));
        Assert.IsEmpty((await client.Generators.ListGeneratorsAsync(new() { Parent = project })).Generators);
    }

    [TestMethod]
    public async Task Keys_that_are_trusted_are_set_by_the_operator_and_so_is_whether_none_is_needed()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-signer-");
        using var signer = PackageSeal.Of(LedgerKey.Open(Path.Combine(folder.FullName, "ledger.key")), "https://elsewhere.example.org");
        folder.Delete(recursive: true);
        await using var server = await ApiServer.StartAsync(options =>
        {
            options.Packages.TrustedSigners.Add(new() { Name = "The other clinic", PublicKey = signer.PublicKeyPem });
            options.Packages.AllowUnsigned = true;
        });
        using var client = server.Client((await server.UserAsync()).Key);
        var project = await client.ProjectAsync();

        var theirs = await ImportAsync(client, project, Sign(signer, FakePackage.Of("theirs")), new());
        Assert.AreEqual(("The other clinic", signer.KeyId, "https://elsewhere.example.org"), (theirs.Origin.Signer, theirs.Origin.KeyId, theirs.Origin.Deployment));

        await RefusedAsync(StatusCode.FailedPrecondition, "PACKAGE_UNSIGNED", () => ImportAsync(client, project, FakePackage.Of("whose"), new()));
        var nobodys = await ImportAsync(client, project, FakePackage.Of("whose", privacy: FakePackage.Private), new() { AllowUnsigned = true });
        Assert.AreEqual(("", "", null), (nobodys.Origin.Signer, nobodys.Origin.KeyId, nobodys.Origin.SignTime));
        Assert.AreEqual(.9, nobodys.Origin.ClaimedPrivacy.Epsilon);
        await RefusedAsync(StatusCode.FailedPrecondition, "PACKAGE_TAMPERED", () => ImportAsync(
            client, project, With(Sign(signer, FakePackage.Of("theirs")), at: 60, 'x'), new() { AllowUnsigned = true }));
    }

    [TestMethod]
    public async Task An_upload_is_of_a_package_or_of_a_data_set()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Generators.ImportGeneratorAsync(
            new() { Parent = tenant.Project, Upload = tenant.Upload }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Uploads.CreateUploadAsync(
            new() { Parent = tenant.Project, Upload = new() { FileName = "a.synth", Purpose = V1.UploadPurpose.GeneratorPackage, Withheld = true } }).ResponseAsync);

        var upload = await UploadAsync(client, tenant.Project, FakePackage.Of("the model"));
        Assert.AreEqual((V1.UploadPurpose.GeneratorPackage, ""), (upload.Purpose, upload.Dataset));
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Uploads.CompleteUploadAsync(new() { Name = upload.Name }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "PACKAGE_UNSIGNED", () => client.Generators.ImportGeneratorAsync(
            new() { Parent = tenant.Project, Upload = upload.Name }).ResponseAsync);
        Assert.AreEqual(V1.UploadState.Active, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).State, "It can be tried again, or deleted.");
        await client.Uploads.DeleteUploadAsync(new() { Name = upload.Name });
        var other = await Tenant.CreateAsync(Server);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.ImportGeneratorAsync(
            new() { Parent = tenant.Project, Upload = other.Upload }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_package_comes_in_over_http_too_and_a_repeat_meets_what_was_made()
    {
        var tenant = await TrainedAsync(Server);
        using var client = Server.Client(tenant.Key);
        var upload = await UploadAsync(client, tenant.Project, await ExportAsync(client, tenant.Generator));
        using var http = Server.Http(tenant.Key);
        var request = new { upload = upload.Name, generatorId = "over-http", requestId = Guid.NewGuid().ToString() };

        using var first = await http.PostAsJsonAsync($"/v1/{tenant.Project}/generators:import", request, Cancellation);
        using var second = await http.PostAsJsonAsync($"/v1/{tenant.Project}/generators:import", request, Cancellation);

        Assert.AreEqual(System.Net.HttpStatusCode.OK, first.StatusCode, await first.Content.ReadAsStringAsync(Cancellation));
        Assert.AreEqual(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));
        Assert.AreEqual(V1.UploadState.Completed, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).State);
        await RefusedAsync(StatusCode.AlreadyExists, null, () => ImportAsync(
            client, tenant.Project, Sign(Server.Get<Packages.PackageKeys>().Own, FakePackage.Of("another")), new() { GeneratorId = "over-http" }));
    }

    private static async Task<Tenant> TrainedAsync(ApiServer server, bool isPrivate = false)
    {
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var worker = await server.Worker.TakeAsync((await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name);
        var model = await server.Worker.PutAsync(FakePackage.Of("the model", privacy: isPrivate ? FakePackage.Private : null));
        await worker.TellAsync(new WorkCompleted(new WorkResult(new Dictionary<string, ObjectRef> { ["model"] = model }, new Dictionary<string, double>())));
        return tenant;
    }

    private async Task<byte[]> ExportAsync(ApiClient client, string generator)
    {
        using var export = client.Generators.ExportGenerator(new() { Name = generator });
        List<byte> all = [];
        while (await export.ResponseStream.MoveNext(Cancellation)) all.AddRange(export.ResponseStream.Current.Data.Span);
        return [.. all];
    }

    private async Task<V1.Upload> UploadAsync(ApiClient client, string project, byte[] package)
    {
        var upload = await client.Uploads.CreateUploadAsync(
            new() { Parent = project, Upload = new() { FileName = "model.synth", Purpose = V1.UploadPurpose.GeneratorPackage }, RequestId = Guid.NewGuid().ToString() });
        await client.Uploads.UploadChunkAsync(
            new() { Name = upload.Name, Body = new HttpBody { Data = ByteString.CopyFrom(package) } }, cancellationToken: Cancellation);
        return upload;
    }

    private async Task<V1.Generator> ImportAsync(ApiClient client, string project, byte[] package, V1.ImportGeneratorRequest request)
    {
        request.Parent = project;
        request.Upload = (await UploadAsync(client, project, package)).Name;
        return await client.Generators.ImportGeneratorAsync(request, cancellationToken: Cancellation);
    }

    private async Task<VerifiedPackage> VerifyAsync(byte[] package, V1.PackageSigner signer)
    {
        using var seal = PackageSeal.Public(signer.Deployment, signer.PublicKeyPem);
        Assert.AreEqual(signer.KeyId, seal.KeyId);
        var path = Path.Combine(Server.Folder, $"{Guid.NewGuid():N}.synth");
        await File.WriteAllBytesAsync(path, package, Cancellation);
        return await new PackageFile(path).VerifyAsync([seal], allowUnsigned: false, Cancellation);
    }

    private static byte[] Sign(PackageSeal seal, byte[] package) =>
    [
        .. package[..^2],
        .. PackageSignature.Make(seal, new PackageClaims
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(package)), Size = package.Length, Deployment = seal.Name, Generator = "projects/p/generators/g",
            SignTime = TimeProvider.System.GetUtcNow(),
        }),
    ];

    private static byte[] With(byte[] package, int at, char value)
    {
        byte[] changed = [.. package];
        Assert.AreNotEqual((byte)value, changed[at]);
        changed[at] = (byte)value;
        return changed;
    }

    private static byte[] Replace(byte[] package, string from, string to)
    {
        byte[] changed = [.. package];
        System.Text.Encoding.ASCII.GetBytes(to).CopyTo(changed, package.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(from)));
        return changed;
    }
}
