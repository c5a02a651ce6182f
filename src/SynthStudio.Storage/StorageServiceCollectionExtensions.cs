using Microsoft.Extensions.DependencyInjection;

namespace SynthStudio.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IObjectStore"/>, <see cref="IObjectReader"/> and <see cref="IUploadStore"/>. Asks for <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSynthStudioStorage(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton<IObjectStore>(p => new FileObjectStore(Path.Combine(options.Root, "objects"), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IObjectReader>(p => p.GetRequiredService<IObjectStore>());
        services.AddSingleton<IUploadStore>(p => new StagedUploadStore(
            Path.Combine(options.Root, "uploads"), p.GetRequiredService<IObjectStore>(), p.GetRequiredService<TimeProvider>()));
        return services;
    }
}
