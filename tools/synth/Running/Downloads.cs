using Google.Api;
using Grpc.Core;

namespace SynthStudio.Cli.Running;

/// <summary>Files that the server sends in pieces.</summary>
internal static class Downloads
{
    /// <summary>Writes the pieces to <paramref name="path"/>, which appears only when it is whole.</summary>
    public static async Task SaveAsync(AsyncServerStreamingCall<HttpBody> call, string path, CancellationToken cancellation)
    {
        var partial = path + ".part";
        using (call)
        {
            await using var file = File.Create(partial);
            await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellation))
            {
                await file.WriteAsync(piece.Data.Memory, cancellation);
            }
        }

        File.Move(partial, path, overwrite: true);
    }
}
