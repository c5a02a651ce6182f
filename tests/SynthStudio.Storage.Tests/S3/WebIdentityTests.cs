using System.Net;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>
/// A pod's service account takes on a role: no access key is set, the token's file and the role stand in the
/// environment, as EKS puts them there.
/// </summary>
[TestClass]
public sealed class WebIdentityTests : IDisposable
{
    private const string Answer = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <Credentials><AccessKeyId>ASIAPLAYED</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
        <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn><AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser>
        </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-identity-");
    private readonly Dictionary<string, string?> _before = [];
    private readonly HttpListener _server = new();
    private readonly List<string> _asked = [];
    private string _signedBy = "";
    private string _session = "";

    public TestContext TestContext { get; set; } = null!;

    public void Dispose()
    {
        foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
        _server.Close();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task Requests_are_signed_by_what_the_role_gives()
    {
        var address = Listen();
        var token = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(token, "token-of-the-pod", TestContext.CancellationToken);
        Set("AWS_ACCESS_KEY_ID", null);
        Set("AWS_SECRET_ACCESS_KEY", null);
        Set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r");
        Set("AWS_WEB_IDENTITY_TOKEN_FILE", token);
        Set("AWS_REGION", "eu-central-1");
        Set("AWS_ENDPOINT_URL_STS", address);
        using var client = S3Client.Create(new S3StorageOptions { Bucket = "b", Endpoint = address, Region = "eu-central-1" });

        await client.DeleteObjectAsync("b", "a", TestContext.CancellationToken);

        Assert.Contains("Action=AssumeRoleWithWebIdentity", _asked.Single());
        Assert.Contains("WebIdentityToken=token-of-the-pod", _asked.Single());
        Assert.Contains("Credential=ASIAPLAYED/", _signedBy);
        Assert.AreEqual("session", _session);
    }

    private void Set(string name, string? value)
    {
        _before.Add(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Plays both the security token service and the bucket.</summary>
    private string Listen()
    {
        var address = $"http://127.0.0.1:{Ports.FindFree()}";
        _server.Prefixes.Add($"{address}/");
        _server.Start();
        _ = ServeAsync();
        return address;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var call = await _server.GetContextAsync();
                if (call.Request.HttpMethod == "POST")
                {
                    _asked.Add(await new StreamReader(call.Request.InputStream).ReadToEndAsync());
                    call.Response.ContentType = "text/xml";
                    await using var body = new StreamWriter(call.Response.OutputStream);
                    await body.WriteAsync(Answer);
                }
                else
                {
                    (_signedBy, _session) = (call.Request.Headers["Authorization"] ?? "", call.Request.Headers["x-amz-security-token"] ?? "");
                    call.Response.StatusCode = (int)HttpStatusCode.NoContent;
                    call.Response.Close();
                }
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
