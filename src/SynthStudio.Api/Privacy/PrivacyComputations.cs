using SynthStudio.Api.Errors;
using SynthStudio.Privacy;

namespace SynthStudio.Api.Privacy;

/// <summary>Runs privacy arithmetic off the callers' threads, few at a time: one may take a second and a few hundred megabytes.</summary>
internal sealed class PrivacyComputations : IDisposable
{
    /// <summary>A search that takes longer is given up: nobody is to keep the others from theirs.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _places = new(2, 2);

    /// <summary>Computes.</summary>
    /// <param name="field">Path of the message that holds the parameters, for errors; empty for the request itself.</param>
    /// <param name="compute">The computation; its token ends when the caller leaves, or it has taken too long.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="RpcException">A parameter is out of range, and its field is named; or all of them together take too long.</exception>
    public async Task<T> RunAsync<T>(string field, Func<CancellationToken, T> compute, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            return await Task.Run(() => compute(limit.Token), cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw ApiErrors.InvalidField(
                field.Length > 0 ? field : "parameters", $"take more than {Longest.TotalSeconds:0} s to compute: ask for fewer steps, or for the accountant rdp.", ErrorReasons.TooExpensive);
        }
        catch (PrivacyException e)
        {
            var subject = e.Subject is { Length: > 0 } named ? named : "parameters";
            throw ApiErrors.InvalidField(field.Length > 0 ? $"{field}.{subject}" : subject, e.Message, ErrorReasons.Of(e.Error));
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
