using System.Reflection;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>A database whose clock shows another time, and stands.</summary>
public class SetClock : DispatchProxy
{
    private ILeaseStore _store = null!;
    private DateTimeOffset _time;

    public static ILeaseStore Of(ILeaseStore store, DateTimeOffset time)
    {
        var proxy = Create<ILeaseStore, SetClock>();
        var set = (SetClock)(object)proxy;
        (set._store, set._time) = (store, time);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ILeaseStore.GetTimeAsync) ? Task.FromResult(_time) : targetMethod.Invoke(_store, args);
}
