using Google.Protobuf;
using Grpc.Core;

namespace SynthStudio.ClusterTorture;

/// <summary>Uploading as a careful client does it: after a broken connection it goes on where the server says that it is.</summary>
internal static class Uploading
{
    private const int ChunkBytes = 4096;

    /// <summary>Uploads a table, and answers its data set when that is acknowledged.</summary>
    public static async Task<Dataset> UploadAsync(this Client client, string project, byte[] content, string schema, Guid request)
    {
        var creation = new CreateUploadRequest
        {
            Parent = project, Upload = new Upload { FileName = "visits.csv", SchemaJson = schema }, RequestId = request.ToString("D"),
        };
        var upload = await client.AskAsync(async studio => await studio.Uploads.CreateUploadAsync(creation, client.Limits));
        return await client.AskAsync(async studio =>
        {
            var known = await studio.Uploads.GetUploadAsync(new GetUploadRequest { Name = upload.Name }, client.Limits);
            return await WriteAsync(studio, upload.Name, content, (int)known.CommittedSize, client.Limits);
        });
    }

    private static async Task<Dataset> WriteAsync(Studio studio, string upload, byte[] content, int from, CallOptions limits)
    {
        using var call = studio.Uploads.WriteUpload(limits);
        try
        {
            for (var offset = from; offset < content.Length; offset += ChunkBytes)
            {
                var data = ByteString.CopyFrom(content, offset, Math.Min(ChunkBytes, content.Length - offset));
                await call.RequestStream.WriteAsync(new WriteUploadRequest { Name = upload, Offset = offset, Data = data });
            }

            var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
            await call.RequestStream.WriteAsync(new WriteUploadRequest { Name = upload, Offset = content.Length, Finish = true, Sha256 = sha256 });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The server's own word, which is in the answer, says why.
        }

        return (await call).Dataset ?? throw new RpcException(new Status(StatusCode.Unavailable, "The stream ended early."));
    }
}
