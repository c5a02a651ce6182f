using Microsoft.Extensions.Configuration;

namespace SynthStudio.Hosting.Tests;

/// <summary>Every setting is documented, from the code, and a configuration is judged before it is used.</summary>
[TestClass]
public sealed class SettingsTests
{
    [TestMethod]
    public void Every_setting_says_what_it_is_for()
    {
        var silent = Setting.All.Where(setting => setting.Description.Length < 10).Select(setting => setting.Name);

        Assert.IsGreaterThan(70, Setting.All.Count);
        Assert.AreEqual("", string.Join(", ", silent));
    }

    [TestMethod]
    public void The_document_of_all_settings_is_what_the_options_classes_say()
    {
        var file = Path.Combine(Repository(), "src/SynthStudio.Hosting/SETTINGS.md");
        Assert.AreEqual(SettingsDocument.Write(), File.ReadAllText(file), "Write it anew: synth config list --markdown > src/SynthStudio.Hosting/SETTINGS.md");
    }

    [TestMethod]
    public void Every_section_and_every_setting_in_it_can_be_set()
    {
        foreach (var setting in Setting.All.Where(s => !s.IsList && s.Default.Length > 0).SelectMany(s => s.Named(_ => ["0"])))
        {
            var (_, problems) = ServerSettings.TryRead(Configuration((setting.Name, setting.Default)));
            Assert.IsEmpty(problems, $"{setting.Name}: {string.Join(' ', problems)}");
        }
    }

    [TestMethod]
    public void Entries_of_a_list_have_settings_of_their_own()
    {
        var (options, problems) = ServerSettings.TryRead(Configuration(
            ("SynthStudio:Api:OpenId:Providers:0:Id", "google"), ("SynthStudio:Api:OpenId:Providers:0:ClientId", "c"), ("SynthStudio:Api:OpenId:Providers:1:ClientIdd", "x")));

        Assert.AreEqual("google", options.Api.OpenId.Providers[0].Id);
        Assert.AreEqual("SynthStudio:Api:OpenId:Providers:1:ClientIdd", problems.Single().Setting);
        Assert.Contains("did you mean SynthStudio:Api:OpenId:Providers:", problems.Single().Text);
        Assert.Contains("SynthStudio:Api:OpenId:Providers:0:ClientSecret", EffectiveSettings.Named(options).Where(s => s.IsSecret).Select(s => s.Name).ToList());
    }

    [TestMethod]
    public void All_that_is_wrong_is_told_at_once_with_what_was_meant()
    {
        var error = Assert.ThrowsExactly<ServerStartException>(() => ServerSettings.Read(Configuration(
            ("SynthStudio:GrpcPrt", "1"), ("SynthStudio:Api:MaxRows", "many"), ("SynthStudio:Api:UploadLifetime", "a week"), ("SynthStudio:Whatever:Else", "1"), ("Logging:Level", "x"))));

        Assert.Contains("SynthStudio:GrpcPrt is not known; did you mean SynthStudio:GrpcPort?", error.Message);
        Assert.Contains("SynthStudio:Api:MaxRows is \"many\"; it must be a whole number", error.Message);
        Assert.Contains("SynthStudio:Api:UploadLifetime is \"a week\"; it must be a time", error.Message);
        Assert.Contains("SynthStudio:Whatever:Else is not known; `synth config list` shows what is.", error.Message);
        Assert.DoesNotContain("Logging", error.Message, "Sections of others are theirs.");
    }

    [TestMethod]
    public void Secrets_come_from_files_too_and_are_never_shown()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-secrets-");
        try
        {
            var file = Path.Combine(folder.FullName, "secret");
            File.WriteAllText(file, "abc123\n");
            var configuration = Configuration(("SynthStudio:S3:SecretKeyFile", file), ("SynthStudio:S3:AccessKey", "my-access"));
            Assert.AreEqual("abc123", ServerSettings.Read(configuration).S3.SecretKey);

            using var said = new StringWriter();
            HostCommands.CheckConfiguration(configuration, all: true, said);
            Assert.DoesNotContain("abc123", said.ToString());
            Assert.DoesNotContain("my-access", said.ToString());
            Assert.Contains("SynthStudio:S3:SecretKey = (hidden)", said.ToString());

            foreach (var (name, value, what) in new[] { ("SynthStudio:S3:SecretKeyFile", file + ".no", "cannot be read"), ("SynthStudio:S3:SecretKeyFile", file, "take one of them away") })
            {
                var error = Assert.ThrowsExactly<ServerStartException>(() => ServerSettings.Read(Configuration(
                    (name, value), ("SynthStudio:S3:SecretKey", what.StartsWith("take", StringComparison.Ordinal) ? "x" : ""))));
                Assert.Contains("SynthStudio:S3:SecretKeyFile", error.Message);
                Assert.Contains(what, error.Message);
            }

            Assert.Contains("GrpcPortFile is not known", Assert.ThrowsExactly<ServerStartException>(() => ServerSettings.Read(Configuration(("SynthStudio:GrpcPortFile", file)))).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void A_check_tells_values_sources_errors_and_what_is_unsafe()
    {
        using var said = new StringWriter();
        var errors = HostCommands.CheckConfiguration(
            Configuration(
                ("SynthStudio:DataFolder", "/data"), ("SynthStudio:Database:Provider", "postgres"), ("SynthStudio:Database:ConnectionString", "Host=db;Password=change-me"),
                ("SynthStudio:S3:Bucket", "b"), ("SynthStudio:S3:Endpoint", "http://store"), ("SynthStudio:LedgerFolder", "/secrets"), ("SynthStudio:Redis:ConnectionString", "redis:6379"),
                ("SynthStudio:Api:AllowedOrigins:0", "*"), ("SynthStudio:Slots", "0"), ("SynthStudio:Api:AddressRequestsPerSecond", "0"), ("SynthStudio:Api:MaxStreams", "0"),
                ("SynthStudio:Api:AllowShortObjectGrace", "true"), ("SynthStudio:Api:ObjectGrace", "00:00:04")),
            all: false, said);

        var lines = said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(3, errors, said.ToString());
        Assert.Contains("SynthStudio:DataFolder = /data  (given)", lines);
        Assert.Contains("SynthStudio:Database:ConnectionString = (hidden)  (given)", lines);
        Assert.DoesNotContain("Password", said.ToString());
        foreach (var start in new[]
        {
            "error: SynthStudio:Database:ConnectionString still holds", "error: SynthStudio:Api:AllowedOrigins is *", "error: SynthStudio:Slots must be 1 to 256.",
            "warning: SynthStudio:Api:RequestsPerSecond", "warning: SynthStudio:Api:MaxStreams", "warning: SynthStudio:Api:TrustedProxies", "warning: SynthStudio:Api:Issuer",
            "warning: SynthStudio:Database:ConnectionString asks for no encryption", "warning: SynthStudio:Redis:ConnectionString", "warning: SynthStudio:S3:Endpoint is plain HTTP",
            "warning: SynthStudio:Api:AllowShortObjectGrace is on",
        })
            Assert.IsTrue(lines.Any(line => line.StartsWith(start, StringComparison.Ordinal)), $"{start}\n{said}");
    }

    [TestMethod]
    public void A_server_for_its_own_user_on_loopback_is_safe_as_it_is_and_one_that_others_reach_is_not()
    {
        Assert.IsEmpty(ServerSettings.Problems(new ServerOptions { DataFolder = "/data" }));
        var open = new ServerOptions { DataFolder = "/data", BindAddress = "0.0.0.0" };
        open.Api.AllowedOrigins.Add("*");
        Assert.IsTrue(ServerSettings.Problems(open).Any(problem => problem is { IsError: true, Setting: "SynthStudio:Api:AllowedOrigins" }));
    }

    [TestMethod]
    [DataRow("Api:Webhooks:AllowHttp", "true", "Api:Webhooks:AllowHttp", false)]
    [DataRow("Api:Webhooks:AllowedNetworks:0", "127.0.0.0/8", "Api:Webhooks:AllowedNetworks", false)]
    [DataRow("Api:Webhooks:AllowedNetworks:0", "0.0.0.0/0", "Api:Webhooks:AllowedNetworks", false)]
    [DataRow("Api:Transfers:AllowedNetworks:0", "::1/128", "Api:Transfers:AllowedNetworks", false)]
    [DataRow("Api:Transfers:AllowedNetworks:0", "10.1.0.0/16", null, false)]
    [DataRow("Api:TrustedProxies:0", "0.0.0.0/0", "Api:TrustedProxies", true)]
    [DataRow("Api:TrustedProxies:0", "::/0", "Api:TrustedProxies", true)]
    [DataRow("Api:TrustedProxies:0", "10.0.0.7", null, false)]
    [DataRow("Api:OpenId:RedirectUris:0", "http://studio.example.org/in", "Api:OpenId:RedirectUris", true)]
    [DataRow("Api:OpenId:RedirectUris:0", "https://studio.example.org/in", null, false)]
    [DataRow("Api:Mail:Page", "http://studio.example.org/account", "Api:Mail:Page", false)]
    [DataRow("Api:Mail:Page", "https://studio.example.org/account", null, false)]
    [DataRow("Api:Mail:Delivery", "file", "Api:Mail:Delivery", false)]
    [DataRow("Api:Mail:Security", "none", "Api:Mail:Security", false)]
    [DataRow("Api:Mail:Host", "127.0.0.1", null, false)]
    public void What_is_unsafe_where_others_reach_the_server_is_refused_or_warned_of_by_its_name(string setting, string value, string? named, bool isError)
    {
        var given = new Dictionary<string, string?>
        {
            ["SynthStudio:DataFolder"] = "/data", ["SynthStudio:BindAddress"] = "0.0.0.0", ["SynthStudio:Api:TrustedProxies:0"] = "10.0.0.1", ["SynthStudio:Api:Issuer"] = "https://studio.example.org",
            ["SynthStudio:Api:Mail:From"] = "studio@example.org", ["SynthStudio:Api:Mail:Folder"] = "/mails", ["SynthStudio:Api:Mail:Host"] = "mail.example.org", ["SynthStudio:Api:Mail:Delivery"] = "smtp",
            [$"SynthStudio:{setting}"] = value,
        };
        if (setting == "Api:Mail:Host") given["SynthStudio:Api:Mail:Security"] = "none";
        using var said = new StringWriter();

        var errors = HostCommands.CheckConfiguration(Configuration([.. given.Select(pair => (pair.Key, pair.Value!))]), all: false, said);

        var problems = said.ToString().Split('\n')
            .Where(line => line.StartsWith("error: ", StringComparison.Ordinal) || line.StartsWith("warning: ", StringComparison.Ordinal))
            .ToList();
        Assert.AreEqual(isError ? 1 : 0, errors, said.ToString());
        if (named is null) Assert.IsEmpty(problems, said.ToString());
        else Assert.StartsWith($"{(isError ? "error" : "warning")}: SynthStudio:{named} ", problems.Single(), said.ToString());
    }

    [TestMethod]
    public void The_share_of_a_project_that_nobody_has_set_one_for_reaches_the_scheduler()
    {
        var options = new Orchestration.OrchestrationOptions();
        new SchedulingSettings
        {
            MaxRunningPerProject = 1, MaxRowsPerDayPerProject = 2, MaxStoredBytesPerProject = 3,
            MaxAcceleratorSecondsPerMonthPerProject = 4, MaxAcceleratorsPerProject = 5,
        }.ApplyTo(options);

        Assert.AreEqual(
            (1, 2, 3, 4, 5),
            (options.MaxRunningPerProject, options.MaxRowsPerDayPerProject, options.MaxStoredBytesPerProject, options.MaxAcceleratorSecondsPerMonthPerProject,
                options.MaxAcceleratorsPerProject));
        var negative = new ServerOptions { DataFolder = "/data", Scheduling = { MaxStoredBytesPerProject = -1 } };
        Assert.IsTrue(ServerSettings.Problems(negative).Any(problem => problem is { IsError: true, Setting: "SynthStudio:Scheduling:MaxStoredBytesPerProject" }));
    }

    [TestMethod]
    [DataRow("127.0.0.1", "sqlite", false)]
    [DataRow("::1", "sqlite", false)]
    [DataRow("0.0.0.0", "sqlite", true)]
    [DataRow("10.0.0.7", "sqlite", true)]
    [DataRow("127.0.0.1", "postgres", true)]
    public void Who_says_nothing_has_limits_unless_the_server_is_for_its_own_user_alone(string bind, string provider, bool isLimited)
    {
        var options = new ServerOptions { DataFolder = "/data", BindAddress = bind, Database = { Provider = provider } };
        Assert.IsFalse(ServerSettings.Problems(options).Any(problem => problem.Setting is "SynthStudio:Api:RequestsPerSecond" or "SynthStudio:Api:MaxStreams"));
        DefaultLimits.Apply(options);
        Assert.AreEqual(
            isLimited ? (50, 200, 200) : default((double?, double?, int?)),
            (options.Api.RequestsPerSecond, options.Api.AddressRequestsPerSecond, options.Api.MaxStreams));
        Assert.AreEqual(isLimited ? 100 : null, options.Api.MaxProjectsPerUser);

        var said = new ServerOptions
        {
            DataFolder = "/data", BindAddress = bind, Database = { Provider = provider },
            Api = { RequestsPerSecond = 0, AddressRequestsPerSecond = 7, MaxStreams = 0, MaxProjectsPerUser = 0 },
        };
        DefaultLimits.Apply(said);
        Assert.AreEqual((0, 7, 0, 0), (said.Api.RequestsPerSecond, said.Api.AddressRequestsPerSecond, said.Api.MaxStreams, said.Api.MaxProjectsPerUser), "What is said stands.");
        Assert.AreEqual(isLimited, ServerSettings.Problems(said).Any(problem => problem is { IsError: false, Setting: "SynthStudio:Api:RequestsPerSecond" }));
    }

    [TestMethod]
    public void Where_the_assistant_is_on_there_is_a_language_model_with_all_that_it_needs()
    {
        var options = new ServerOptions { DataFolder = "/data", BindAddress = "0.0.0.0" };
        options.Api.Features.Assistant = true;
        Assert.Contains("SynthStudio:Api:Assistant:Providers", Names(), "None is named.");
        options.Api.Assistant.Providers.Add(new() { Id = "local", Preset = Assistant.Providers.ProviderPreset.Vllm, Address = "http://10.0.0.7:8000/v1" });
        CollectionAssert.IsSubsetOf(new[] { "SynthStudio:Api:Assistant:Providers:0", "SynthStudio:Api:Assistant:Providers:0:Address" }, Names(), "It has no model, and is asked over plain HTTP.");
        options.Api.Assistant.Providers[0].Model = "m";
        options.Api.Assistant.Routes.Draft.Add("none");
        Assert.Contains("SynthStudio:Api:Assistant:Routes:Draft", Names());

        List<string> Names() => [.. ServerSettings.Problems(options).Select(problem => problem.Setting)];
    }

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "SynthStudio.sln"))) folder = folder.Parent;
        return folder.FullName;
    }
}
