using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Uploads;

/// <summary>Links are for pieces of the upload that share no bytes. A server without a bucket has none to give, and says what to use instead.</summary>
[TestClass]
public sealed class LinkTests : ApiTest
{
    [TestMethod]
    public async Task Without_a_bucket_there_are_no_links()
    {
        var (client, project) = await OwnerAsync();
        var upload = await client.Uploads.CreateUploadAsync(
            new V1.CreateUploadRequest { Parent = project, Upload = new V1.Upload { FileName = "a.csv", SizeBytes = 10 } }, cancellationToken: Cancellation);

        await RefusedAsync(StatusCode.FailedPrecondition, ErrorReasons.NoBucket, () => LinkAsync(0, 10));
        await RefusedAsync(StatusCode.InvalidArgument, null, () => LinkAsync(0, 11));
        await RefusedAsync(StatusCode.InvalidArgument, null, () => LinkAsync(-1, 5));
        await RefusedAsync(StatusCode.InvalidArgument, null, () => LinkAsync(0, 0));
        await RefusedAsync(StatusCode.ResourceExhausted, ErrorReasons.TooLarge, () => LinkAsync(Server.Get<ApiOptions>().MaxUploadBytes, 5));
        await RefusedAsync(StatusCode.ResourceExhausted, ErrorReasons.TooLarge, () => LinkAsync(long.MaxValue - 4, 10)); // Their sum is negative.

        Task LinkAsync(long offset, int size) => client.Uploads.CreateUploadLinkAsync(
            new V1.CreateUploadLinkRequest { Name = upload.Name, Offset = offset, SizeBytes = size }, cancellationToken: Cancellation).ResponseAsync;
    }

    [TestMethod]
    [DataRow(100L, DisplayName = "Of a declared size")]
    [DataRow(0L, DisplayName = "Of no declared size")]
    public async Task No_byte_has_two_links(long size)
    {
        var (client, project) = await OwnerAsync();
        var request = new V1.CreateUploadRequest { Parent = project, Upload = new V1.Upload { FileName = "a.csv", SizeBytes = size } };
        var name = (await client.Uploads.CreateUploadAsync(request, cancellationToken: Cancellation)).Name;
        var flow = ActivatorUtilities.CreateInstance<UploadFlow>(Server.Services, LinkingUploadStore.Of(Server.Get<IUploadStore>()));

        var first = await LinkAsync(60, 40);
        Assert.AreNotEqual(first.Url, (await LinkAsync(0, 50)).Url);
        Assert.AreEqual(first.Url, (await LinkAsync(60, 40)).Url, "A link that ran out is asked for again.");
        foreach (var (offset, length) in new[] { (60, 39), (61, 39), (0, 100), (49, 2), (0, 1) })
            await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => LinkAsync(offset, length));
        await LinkAsync(50, 10);

        await RefusedAsync(StatusCode.ResourceExhausted, ErrorReasons.TooLarge, () => LinkAsync(long.MaxValue - 4, 10));
        var upload = (await Server.Get<UploadIndex>().FindAsync(name, Cancellation))!;
        Assert.AreEqual(100, upload.ClaimedSize, "What links are for is claimed.");
        await client.Uploads.DeleteUploadAsync(new V1.DeleteUploadRequest { Name = name }, cancellationToken: Cancellation);
        Assert.AreEqual(PieceOutcome.Ended, await Server.Get<UploadPieces>().NoteAsync(upload, 200, 1, 10, Cancellation));

        async Task<PieceLink> LinkAsync(long offset, int length) =>
            await flow.LinkAsync((await Server.Get<UploadIndex>().FindAsync(name, Cancellation))!, offset, length, TimeSpan.FromMinutes(1));
    }
}
