using System.Reflection;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Uploads;

/// <summary>An upload store that gives links as one with a bucket does.</summary>
public class LinkingUploadStore : DispatchProxy
{
    private IUploadStore _store = null!;

    public static IUploadStore Of(IUploadStore store)
    {
        var proxy = Create<IUploadStore, LinkingUploadStore>();
        ((LinkingUploadStore)(object)proxy)._store = store;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IUploadStore.CreateLinkAsync)
        ? Task.FromResult<PieceLink?>(new PieceLink(new Uri($"https://storage.example.org/{args![0]}/{args[1]}-{args[2]}"), new Dictionary<string, string>()))
        : targetMethod.Invoke(_store, args);
}
