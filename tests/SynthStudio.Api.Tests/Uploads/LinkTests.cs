using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Tests.Uploads;

/// <summary>A server without a bucket has no links to give, and says what to use instead.</summary>
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

        Task LinkAsync(long offset, int size) => client.Uploads.CreateUploadLinkAsync(
            new V1.CreateUploadLinkRequest { Name = upload.Name, Offset = offset, SizeBytes = size }, cancellationToken: Cancellation).ResponseAsync;
    }
}
