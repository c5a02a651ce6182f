using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IObjectStore"/>, <see cref="IObjectReader"/>, <see cref="IUploadStore"/> and, with a bucket, <see cref="IMarkStore"/>. Asks for
    /// <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddSynthStudioStorage(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton<IObjectStore>(p => options.S3 is { } bucket
            ? new S3ObjectStore(S3Client.Create(bucket), bucket, Path.Combine(options.Root, "s3"), p.GetRequiredService<TimeProvider>())
            : new FileObjectStore(Path.Combine(options.Root, "objects"), p.GetRequiredService<TimeProvider>()));
        if (options.S3 is { } marks) services.AddSingleton<IMarkStore>(_ => new S3MarkStore(S3Client.Create(marks), marks));
        services.AddSingleton<IObjectReader>(p => p.GetRequiredService<IObjectStore>());
        services.AddSingleton<IUploadStore>(p => new StagedUploadStore(
            Path.Combine(options.Root, "uploads"), p.GetRequiredService<IObjectStore>(), p.GetRequiredService<TimeProvider>(),
            options.S3 is { } shared ? new S3SharedChunks(S3Client.Create(shared), shared, new S3Links(shared, p.GetRequiredService<TimeProvider>())) : null));
        return services;
    }
}
