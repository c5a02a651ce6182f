using System.Reflection;

namespace SynthStudio.Api.Tests.Http;

/// <summary>A scheduler that knows one question, and notes what it is asked.</summary>
public class AskedScheduler : DispatchProxy
{
    private readonly List<string> _asked = [];
    private ISchedulerGrain? _scheduler;

    /// <summary>Its factory, and what it will have been asked.</summary>
    public static (IGrainFactory Grains, IReadOnlyList<string> Asked) Create()
    {
        var (grains, scheduler) = (Create<IGrainFactory, AskedScheduler>(), Create<ISchedulerGrain, AskedScheduler>());
        ((AskedScheduler)(object)grains)._scheduler = scheduler;
        return (grains, ((AskedScheduler)(object)scheduler)._asked);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_scheduler is not null) return _scheduler;
        _asked.Add(targetMethod!.Name);
        return targetMethod.ReturnType == typeof(Task<ProjectShare>)
            ? Task.FromResult(new ProjectShare(1, 0))
            : throw new NotSupportedException(targetMethod.Name);
    }
}
