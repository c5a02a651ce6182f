using Grpc.Core;
using SynthStudio.Cli.Connection;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Starts the training of a generator that was made for it.</summary>
internal static class GeneratorTraining
{
    /// <summary>Submits the training; where that is refused, the generator goes again.</summary>
    /// <exception cref="RpcException">It was refused.</exception>
    public static async Task<Generator> StartAsync(SynthClient client, TrainGeneratorRequest request, CancellationToken cancellation)
    {
        try
        {
            return await client.Generators.TrainGeneratorAsync(request, cancellationToken: cancellation);
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.FailedPrecondition or StatusCode.InvalidArgument)
        {
            await client.Generators.DeleteGeneratorAsync(new DeleteGeneratorRequest { Name = request.Name }, cancellationToken: cancellation);
            await client.Generators.PurgeGeneratorAsync(new PurgeGeneratorRequest { Name = request.Name }, cancellationToken: cancellation);
            throw;
        }
    }
}
