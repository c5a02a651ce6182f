using System.Collections.Concurrent;

namespace SynthStudio.ClusterTorture;

/// <summary>Who reaches whom, and how well, at this moment.</summary>
internal sealed class Network
{
    private readonly ConcurrentDictionary<(string From, string To), Weather> _weather = [];

    /// <summary>The weather on the way between two, in both directions.</summary>
    public Weather Between(string one, string other) => _weather.GetValueOrDefault((one, other)) ?? _weather.GetValueOrDefault(("*", other)) ?? Weather.Fine;

    /// <summary>Changes the weather on the ways from one, or from everybody (<c>*</c>), to another.</summary>
    public void Set(string from, string to, Weather weather) => _weather[(from, to)] = weather;

    public void Clear(string from, string to) => _weather.TryRemove((from, to), out _);
}
