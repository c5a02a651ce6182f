using SynthStudio.Api.Errors;
using SynthStudio.Privacy;

namespace SynthStudio.Api.Privacy;

/// <summary>Runs privacy arithmetic off the callers' threads, few at a time: one may take a second and a few hundred megabytes.</summary>
internal sealed class PrivacyComputations : IDisposable
{
    private readonly SemaphoreSlim _places = new(2, 2);

    /// <summary>Computes.</summary>
    /// <param name="field">Path of the message that holds the parameters, for errors; empty for the request itself.</param>
    /// <param name="compute">The computation.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="RpcException">A parameter is out of range; its field is named.</exception>
    public async Task<T> RunAsync<T>(string field, Func<T> compute, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            return await Task.Run(compute, cancellation);
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
