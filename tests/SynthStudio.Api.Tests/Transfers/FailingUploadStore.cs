using System.Reflection;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>An upload store that does all but one thing.</summary>
public class FailingUploadStore : DispatchProxy
{
    private IUploadStore _store = null!;
    private string _method = "";
    private Exception _failure = null!;

    public static IUploadStore Of(IUploadStore store, string method, Exception failure)
    {
        var proxy = Create<IUploadStore, FailingUploadStore>();
        var failing = (FailingUploadStore)(object)proxy;
        (failing._store, failing._method, failing._failure) = (store, method, failure);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == _method ? throw _failure : targetMethod.Invoke(_store, args);
}
