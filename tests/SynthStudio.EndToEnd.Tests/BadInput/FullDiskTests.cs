using Google.Protobuf;
using Grpc.Core;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>A disk that is full stops what needs it, and nothing else.</summary>
[TestClass]
public sealed class FullDiskTests
{
    private const int DiskMegabytes = 48;

    [TestMethod]
    public async Task A_full_disk_refuses_an_upload_and_fails_a_job_by_name_and_the_service_goes_on_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        var disk = await SmallDisk.CreateAsync(folder["disk"], DiskMegabytes);
        await using var server = await ServedProcess.StartAsync(folder["disk/data"], disk.Launcher);
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();

        var upload = await studio.CreateUploadAsync(project, "large.csv");
        var refused = await BadInputTests.RefusedAsync(() => FillAsync(studio, upload.Name));
        Assert.AreEqual(StatusCode.ResourceExhausted, refused.StatusCode, refused.Status.Detail);
        Assert.AreEqual("STORAGE_FULL", BadInputTests.ReasonOf(refused));
        Assert.Contains("go on when there is room", refused.Status.Detail);
        var kept = await studio.Uploads.GetUploadAsync(new GetUploadRequest { Name = upload.Name });
        Assert.IsGreaterThan(10 << 20, kept.CommittedSize);
        await studio.Uploads.DeleteUploadAsync(new DeleteUploadRequest { Name = upload.Name });

        // A small file that grows beyond the disk when the worker unpacks it.
        var grown = await studio.UploadAsync(project, "grows.csv.gz", BadTable.Gzip("a,b\n" + string.Concat(Enumerable.Repeat("1,2\n", 20_000_000))));
        Assert.AreEqual(DatasetState.Failed, grown.State);
        Assert.AreEqual("DISK_FULL", grown.Error.Reason, grown.Error.Message);
        Assert.AreEqual(JobErrorClass.Resource, grown.Error.ErrorClass);
        Assert.Contains("disk", grown.Error.Message);

        await BadInputTests.ServesAsync(server, studio, project);
    }

    private static async Task FillAsync(Studio studio, string upload)
    {
        var chunk = UnsafeByteOperations.UnsafeWrap(BadTable.Noise(1 << 20));
        using var call = studio.Uploads.WriteUpload();
        await Studio.SendAsync(async () =>
        {
            for (var sent = 0; sent <= DiskMegabytes; sent++)
            {
                await call.RequestStream.WriteAsync(new WriteUploadRequest { Name = upload, Offset = (long)sent << 20, Data = chunk });
            }

            await call.RequestStream.CompleteAsync();
        });
        await call;
    }
}
