using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using SynthStudio.Api.Identity;
using SynthStudio.Assistant.Providers;
using SynthStudio.Catalog;
using SynthStudio.Storage;
using SynthStudio.Testing.LanguageModels;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>
/// A real server in this process: Kestrel on loopback, the catalog on SQLite, the real grains
/// on a silo of their own. Only workers are played.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    /// <summary>The origin whose pages may call.</summary>
    public const string AllowedOrigin = "https://studio.example.org";

    private static readonly Lazy<Task<LanguageModelServer>> Nobody = new(() => LanguageModelServer.StartAsync(Reply.Says("Nothing.")));

    private readonly WebApplication _app;
    private readonly string _folder;

    private ApiServer(WebApplication app, string folder, RecordedLogs logs)
    {
        _app = app;
        _folder = folder;
        Logs = logs;
    }

    public RecordedLogs Logs { get; }

    /// <summary>Where everything is kept.</summary>
    public string Folder => _folder;

    public IServiceProvider Services => _app.Services;

    /// <summary>Address for gRPC, HTTP/2 only.</summary>
    public required Uri GrpcAddress { get; init; }

    /// <summary>Address for JSON and gRPC-Web, HTTP/1.1 only.</summary>
    public required Uri HttpAddress { get; init; }

    /// <summary>Folder of the mails that were sent.</summary>
    public required string Mails { get; init; }

    /// <summary>An administrator's key.</summary>
    public required string AdminKey { get; init; }

    /// <summary>The fake workers' side.</summary>
    public FakeWorker Worker => new(Services);

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Starts a server.</summary>
    /// <param name="configure">Changes its settings.</param>
    /// <param name="encrypt">Whether it encrypts its objects.</param>
    /// <param name="master">Its master key; null derives it from the ledger's.</param>
    /// <param name="folder">What an earlier one left (<see cref="LeaveAsync"/>); null for an empty folder.</param>
    public static async Task<ApiServer> StartAsync(Action<ApiOptions>? configure = null, bool encrypt = false, MasterKey? master = null, string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("synthstudio-api-").FullName;
        var logs = new RecordedLogs();
        var database = $"Data Source={Path.Combine(folder, "catalog.db")}";
        CatalogSchema.Apply(database);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSynthStudioStorage(new StorageOptions { Root = folder, Encrypt = encrypt });
        if (master is not null) builder.Services.AddSingleton(master);
        builder.Services.AddSynthStudioCatalog(database);
        var mails = Path.Combine(folder, "mails");
        var options = new ApiOptions
        {
            AllowedOrigins = new List<string> { AllowedOrigin },
            Accounts = { Registration = Identity.Accounts.Registration.Open },
            Mail = { Delivery = Identity.Mail.MailDelivery.File, Folder = mails, From = "SynthStudio <studio@example.org>" },
            Features = { Assistant = true },
            Assistant = { Providers = { await NobodyAsync() }, MaxAttempts = 1, RepairRounds = 0 },
        };
        configure?.Invoke(options);
        builder.Services.AddSynthStudioApi(options);
        builder.Services.AddSingleton<FakeMethods>().AddSingleton<IMethodDirectory>(p => p.GetRequiredService<FakeMethods>())
            .AddSingleton<ISchemaChecker>(p => p.GetRequiredService<FakeMethods>()).AddSingleton<IDeclaredTables>(p => p.GetRequiredService<FakeMethods>())
            .AddSingleton<ITrainingForecasts>(p => p.GetRequiredService<FakeMethods>());
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(Ports.FindFree(), gatewayPort: 0, serviceId: "api-tests", clusterId: Path.GetFileName(folder));
            silo.Configure<EndpointOptions>(endpoint => endpoint.GatewayPort = 0);
            silo.AddMemoryGrainStorage(OrchestrationOptions.StorageName, (OptionsBuilder<MemoryGrainStorageOptions> storage) =>
                storage.Configure<Serializer>((options, serializer) => options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
            silo.UseInMemoryReminderService();
            // The workers are played: nobody but the test gives out leases or takes them away.
            silo.AddSynthStudioOrchestration(options => options.WatchPeriod = options.ReconcilePeriod = TimeSpan.FromHours(1));
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            KestrelLimits.Apply(kestrel, options);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.MapSynthStudioApi();
        app.MapGrpcService<UnruledService>();
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a)).ToList();
        return new ApiServer(app, folder, logs)
        {
            GrpcAddress = addresses[0],
            HttpAddress = addresses[1],
            Mails = mails,
            AdminKey = await app.Services.GetRequiredService<EmbeddedAdmin>().EnsureAsync(Path.Combine(folder, "admin.key")),
        };
    }

    /// <summary>A client of all services with a key or token; null for none.</summary>
    public ApiClient Client(string? credential) => new(GrpcAddress, credential);

    /// <summary>An HTTP client for JSON.</summary>
    public HttpClient Http(string? credential)
    {
        var client = new HttpClient { BaseAddress = HttpAddress };
        if (credential is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", credential);
        return client;
    }

    /// <summary>A new user with a key.</summary>
    public async Task<(string User, string Key)> UserAsync(AccessScope scope = AccessScope.Admin, UserRole role = UserRole.User)
    {
        var user = $"users/u{Guid.CreateVersion7():N}";
        await Get<UserStore>().CreateAsync(new UserRecord { Name = user, Role = role, CreateTime = TimeProvider.System.GetUtcNow() });
        return (user, await KeyAsync(user, scope));
    }

    /// <summary>A further key of a user.</summary>
    public async Task<string> KeyAsync(string user, AccessScope scope) => (await Get<ApiKeyIssuer>().IssueAsync(user, "test", scope, expires: null)).Text;

    /// <summary>Stops as a host does that was asked to.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Ends it, and leaves its folder to another one, which then has to be disposed instead.</summary>
    public async Task<string> LeaveAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        return _folder;
    }

    public async ValueTask DisposeAsync() => Directory.Delete(await LeaveAsync(), recursive: true);

    /// <summary>A language model that has nothing to say.</summary>
    private static async Task<ProviderOptions> NobodyAsync() =>
        new() { Id = "nobody", Preset = ProviderPreset.Vllm, Address = (await Nobody.Value).Address, Model = "none" };
}
