using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IObjectStore"/>, <see cref="IObjectReader"/>, <see cref="IUploadStore"/>, <see cref="StorageFacts"/> and, with a
    /// bucket, <see cref="IMarkStore"/> and <see cref="IPieceSeals"/>. Asks for <see cref="TimeProvider"/>; objects are encrypted, or read
    /// when they were, where there are an <see cref="IProjectKeys"/> and a <see cref="MasterKey"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">At the first use: objects are to be encrypted, and there are no keys.</exception>
    public static IServiceCollection AddSynthStudioStorage(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton(new StorageFacts(options.Encrypt, UsesBucket: options.S3 is not null));
        services.AddSingleton(p => Encrypting(Store(options, p), options, p));
        if (options.S3 is { } marks) services.AddSingleton<IMarkStore>(_ => new S3MarkStore(S3Client.CreateForSmall(marks), marks));
        services.AddSingleton<IObjectReader>(p => p.GetRequiredService<IObjectStore>());
        services.AddSingleton<IUploadStore>(p => new StagedUploadStore(
            Path.Combine(options.Root, "uploads"), p.GetRequiredService<IObjectStore>(),
            p.GetRequiredService<TimeProvider>(), p.GetService<S3SharedChunks>()));
        if (options.S3 is not { } shared) return services;
        services.AddSingleton(p => new S3SharedChunks(
            S3Client.Create(shared), shared, new S3Links(shared, p.GetRequiredService<TimeProvider>()),
            options.Encrypt ? p.GetRequiredService<MasterKey>() : null));
        return services.AddSingleton<IPieceSeals>(p => p.GetRequiredService<S3SharedChunks>());
    }

    private static IObjectStore Store(StorageOptions options, IServiceProvider provider) => options.S3 is { } bucket
        ? new S3ObjectStore(S3Client.Create(bucket), bucket, Path.Combine(options.Root, "s3"), provider.GetRequiredService<TimeProvider>())
        : new FileObjectStore(Path.Combine(options.Root, "objects"), provider.GetRequiredService<TimeProvider>());

    private static IObjectStore Encrypting(IObjectStore store, StorageOptions options, IServiceProvider provider)
    {
        if (provider.GetService<IProjectKeys>() is not { } keys)
            return options.Encrypt ? throw new InvalidOperationException("Objects are to be encrypted, but there are no keys of projects.") : store;
        return new EncryptingObjectStore(
            store, keys, Path.Combine(options.Root, "encrypted"), options.Encrypt, options.CacheBytes, provider.GetRequiredService<TimeProvider>());
    }
}
