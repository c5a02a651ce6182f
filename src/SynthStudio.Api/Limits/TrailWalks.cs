using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Limits;

/// <summary>Places for calls that walk a whole audit trail, which takes the longer the longer it is: few at once for each trail, in each replica.</summary>
internal sealed class TrailWalks
{
    /// <summary>Walks of one trail at once.</summary>
    public const int AtOnce = 2;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly Lock _turn = new();
    private readonly Dictionary<string, int> _walks = new(StringComparer.Ordinal);

    /// <summary>Takes a place, given back when it is disposed.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: all are taken; the error says when to try again.</exception>
    public IDisposable Enter(string trail)
    {
        lock (_turn)
        {
            var walks = _walks.GetValueOrDefault(trail);
            if (walks == AtOnce) throw ApiErrors.TooManyWalks(trail, AtOnce, Retry);
            _walks[trail] = walks + 1;
        }

        return new Place(this, trail);
    }

    private void Leave(string trail)
    {
        lock (_turn)
        {
            if (--_walks[trail] == 0) _walks.Remove(trail);
        }
    }

    private sealed class Place(TrailWalks walks, string trail) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) walks.Leave(trail);
        }
    }
}
