using Microsoft.Extensions.Configuration;

namespace SynthStudio.Hosting.Tests;

/// <summary>What a host's configuration may say, and what it is told when it says something else.</summary>
[TestClass]
public sealed class ServerSettingsTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Sub_sections_reach_the_parts()
    {
        var options = Read(
            ("Slots", "3"), ("Api:MaxUploadBytes", "1000"), ("Api:Issuer", "https://id.example.org"), ("Api:UploadLifetime", "1.00:00:00"),
            ("Api:AllowedOrigins:0", "https://a.example.org"), ("Workers:Accelerator", "cuda"), ("CheckpointSeconds", "120"), ("CheckpointSteps", "500"),
            ("Workers:KeptModels", "0"), ("Api:Accounts:Registration", "invited"), ("Api:OpenId:Providers:0:Id", "google"), ("Api:OpenId:Providers:0:Preset", "google"));

        Assert.AreEqual(3, options.Slots);
        Assert.AreEqual(1000, options.Api.MaxUploadBytes);
        Assert.AreEqual("https://id.example.org", options.Api.Issuer);
        Assert.AreEqual(TimeSpan.FromDays(1), options.Api.UploadLifetime);
        Assert.AreEqual("https://a.example.org", options.Api.AllowedOrigins.Single());
        Assert.AreEqual("cuda", options.Workers.Accelerator);
        Assert.AreEqual((120, 500), (options.CheckpointSeconds, options.CheckpointSteps));
        Assert.AreEqual(0, options.Workers.KeptModels);
        Assert.AreEqual("Invited", options.Api.Accounts.Registration.ToString());
        Assert.AreEqual("google Google", $"{options.Api.OpenId.Providers[0].Id} {options.Api.OpenId.Providers[0].Preset}");
        Assert.AreEqual("synthstudio", options.Api.Audience, "What is not set keeps its default.");
    }

    [TestMethod]
    [DataRow("Slot", "3", "Slot")]
    [DataRow("Api:MaxUploadByte", "3", "MaxUploadByte")]
    [DataRow("GrpcPort", "many", "SynthStudio:GrpcPort")]
    [DataRow("Api:UploadLifetime", "a week", "SynthStudio:Api:UploadLifetime")]
    public void What_cannot_be_read_is_named(string setting, string value, string named)
    {
        var error = Assert.ThrowsExactly<ServerStartException>(() => Read((setting, value)));

        Assert.Contains(named, error.Message);
    }

    [TestMethod]
    [DataRow("GrpcPort", "70000", "SynthStudio:GrpcPort must be 0 to 65535.")]
    [DataRow("BindAddress", "everywhere", "SynthStudio:BindAddress")]
    [DataRow("Api:Environment", "My Studio", "SynthStudio:Api:Environment must be 1 to 20")]
    [DataRow("Api:Issuer", "", "SynthStudio:Api:Issuer must not be empty.")]
    [DataRow("Api:MaxRows", "0", "SynthStudio:Api:MaxRows must be at least 1.")]
    [DataRow("Api:ObjectGrace", "00:00:10", "SynthStudio:Api:ObjectGrace must be at least ten minutes")]
    [DataRow("Api:HousekeepingInterval", "00:00:00", "SynthStudio:Api:HousekeepingInterval must be 1 s to a day")]
    [DataRow("Api:AllowedOrigins:0", "https://a.example.org/studio", "SynthStudio:Api:AllowedOrigins holds \"https://a.example.org/studio\"")]
    [DataRow("Api:Accounts:PasswordMemoryKiB", "4096", "SynthStudio:Api:Accounts:PasswordMemoryKiB must be 19456 to 1048576 KiB.")]
    [DataRow("Api:Mail:Delivery", "smtp", "SynthStudio:Api:Mail:Host is not set")]
    [DataRow("Api:OpenId:Providers:0:Id", "own", "SynthStudio:Api:OpenId:Providers:0 needs a ClientId.")]
    [DataRow("Api:TrustedProxies:0", "proxy.example.org", "SynthStudio:Api:TrustedProxies holds \"proxy.example.org\"")]
    [DataRow("Workers:Accelerator", "tpu", "SynthStudio:Workers:Accelerator must be cpu, cuda, or empty")]
    [DataRow("Workers:KillGrace", "-00:00:01", "SynthStudio:Workers:KillGrace must be a time")]
    [DataRow("Workers:KeptModels", "-1", "SynthStudio:Workers:KeptModels must be 0 to 64.")]
    public async Task What_is_not_allowed_is_named_before_anything_starts(string setting, string value, string message)
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-hosting-");
        try
        {
            var options = Read(("DataFolder", folder.FullName), (setting, value));

            var error = await Assert.ThrowsExactlyAsync<ServerStartException>(() => EmbeddedServer.StartAsync(options, TestContext.CancellationToken));

            Assert.Contains(message, error.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServerOptions Read(params (string Setting, string Value)[] settings) => ServerSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"{ServerOptions.SectionName}:{s.Setting}", (string?)s.Value)))
        .Build());
}
