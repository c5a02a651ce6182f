using OtpNet;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Identity.OpenIdConnect;
using SynthStudio.Api.Identity.Passwords;
using SynthStudio.Api.Identity.SecondFactor;
using SynthStudio.Api.Identity.Sessions;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>The pieces that need no server.</summary>
[TestClass]
public sealed class PieceTests
{
    /// <summary>Made by the reference implementation (libargon2's argon2id_hash_encoded, t=2, m=19456, p=1).</summary>
    private const string Reference = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gy5SuVm5Z7Vw7keB9se9p87QGcomaseB/S2U1OhTsM0";

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestMethod]
    public async Task Passwords_are_hashed_as_the_reference_hashes_them()
    {
        using var hasher = new PasswordHasher(new AccountOptions());

        Assert.IsTrue(await hasher.VerifyAsync(Reference, "correct horse battery staple", Cancellation));
        Assert.IsFalse(await hasher.VerifyAsync(Reference, "correct horse battery stable", Cancellation));
        Assert.IsFalse(hasher.IsOutdated(Reference), "OWASP's recommendation is the default.");
        Assert.AreEqual(Reference, PasswordHash.Parse(Reference)!.ToString());
    }

    [TestMethod]
    public async Task A_hash_has_a_salt_of_its_own_and_none_is_never_right()
    {
        using var hasher = new PasswordHasher(new AccountOptions());
        var (first, second) = (await hasher.HashAsync("same", Cancellation), await hasher.HashAsync("same", Cancellation));

        Assert.AreNotEqual(first, second);
        Assert.IsTrue(await hasher.VerifyAsync(second, "same", Cancellation));
        foreach (var broken in (string[])["", "$argon2id$", "plain", first[..^1]])
            Assert.IsFalse(await hasher.VerifyAsync(broken, "", Cancellation), broken);
        using var stronger = new PasswordHasher(new AccountOptions { PasswordPasses = 3 });
        Assert.IsTrue(stronger.IsOutdated(first));
        Assert.IsTrue(await stronger.VerifyAsync(first, "same", Cancellation), "Old hashes go on working.");
    }

    [TestMethod]
    public async Task Hashes_beyond_what_may_wait_are_refused()
    {
        using var hasher = new PasswordHasher(new AccountOptions { PasswordMemoryKiB = 8192 });
        var calls = Enumerable.Range(0, 200).Select(_ => hasher.HashAsync("x", Cancellation)).ToList();

        var outcomes = await Task.WhenAll(calls.Select(async call =>
        {
            try
            {
                await call;
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }));

        Assert.IsInRange(100, 199, outcomes.Count(o => o == StatusCode.OK), "Some may be done before the last comes.");
        Assert.AreEqual(200, outcomes.Count(o => o is StatusCode.OK or StatusCode.Unavailable));
        Assert.IsNotNull(await hasher.HashAsync("x", Cancellation), "Later there is room again.");
    }

    [TestMethod]
    [DataRow("elevenchars", "12 to 256")]
    [DataRow("aaaaaaaaaaaaaaaa", "different characters")]
    [DataRow("abcdefghijklmnop", "follow each other")]
    [DataRow("987654321098765", "follow each other")]
    [DataRow("my adalovelace!", "hold your address")]
    [DataRow("Password123456!", "first that are tried")]
    [DataRow("qwertyuiop2026", "first that are tried")]
    [DataRow("SynthStudio1234", "first that are tried")]
    public void What_is_tried_first_is_no_password(string password, string problem) =>
        Assert.Contains(problem, PasswordRules.Problem(password, "AdaLovelace@example.org")!);

    [TestMethod]
    [DataRow("four words of no sense")]
    [DataRow("kJ3#mmv92!xQ")]
    [DataRow("пароль из слов без смысла")]
    [DataRow("secret gardens grow at midnight")]
    public void What_is_long_and_not_usual_is_one(string password) => Assert.IsNull(PasswordRules.Problem(password, "ada@example.org"));

    [TestMethod]
    [DataRow(59L, "287082")]
    [DataRow(1111111109L, "081804")]
    [DataRow(1234567890L, "005924")]
    [DataRow(20000000000L, "353130")]
    public void Codes_are_those_of_the_RFC(long seconds, string code)
    {
        // RFC 6238, appendix B, SHA-1; its eight digits end in these six.
        var (secret, now) = ("12345678901234567890"u8.ToArray(), DateTimeOffset.FromUnixTimeSeconds(seconds));

        Assert.AreEqual(seconds / 30, TimeCodes.FindStep(secret, code, now));
        Assert.AreEqual(seconds / 30, TimeCodes.FindStep(secret, code, now.AddSeconds(30)), "A clock may be one step behind");
        Assert.AreEqual(seconds / 30, TimeCodes.FindStep(secret, code, now.AddSeconds(-30)), "or ahead.");
        Assert.IsNull(TimeCodes.FindStep(secret, code, now.AddSeconds(90)));
    }

    [TestMethod]
    public void A_secret_is_shown_as_apps_take_it()
    {
        var secret = TimeCodes.CreateSecret();

        CollectionAssert.AreEqual(secret, Base32Encoding.ToBytes(TimeCodes.Show(secret)));
        Assert.StartsWith($"otpauth://totp/SynthStudio:ada%40example.org?secret={TimeCodes.Show(secret)}&issuer=SynthStudio", TimeCodes.Uri(secret, "ada@example.org"));
    }

    [TestMethod]
    public void Recovery_codes_are_all_different_and_typed_as_one_likes()
    {
        var codes = Enumerable.Range(0, 100).Select(_ => RecoveryCode.Create()).ToList();

        Assert.HasCount(100, codes.Distinct().ToList());
        CollectionAssert.AreEqual(RecoveryCode.Hash(codes[0]), RecoveryCode.Hash($" {codes[0].ToUpperInvariant().Replace("-", "", StringComparison.Ordinal)} "));
        Assert.IsNull(RecoveryCode.Hash("123456"));
    }

    [TestMethod]
    public void A_refresh_token_makes_one_successor_for_each_salt_and_is_read_again()
    {
        var token = RefreshToken.Create();
        var read = RefreshToken.Parse(token.ToString())!.Value;

        Assert.AreEqual(token.ToString(), read.ToString());
        Assert.AreEqual(token.Next([1]).ToString(), read.Next([1]).ToString());
        Assert.AreNotEqual(token.Next([1]).ToString(), token.Next([2]).ToString());
        CollectionAssert.AreEqual(token.HashFamily(), token.Next([1]).HashFamily());
        foreach (var broken in (string[])["", "sr__", "sr_s_x", token.ToString()[..^4], token.ToString()[3..], "ss_local_00000000000000000000_x"])
            Assert.IsNull(RefreshToken.Parse(broken), broken);
        Assert.IsFalse(RefreshToken.IsSession("0123456789abcdef0123"), "An API key's id is no session's.");
    }

    [TestMethod]
    [DataRow("Ada@Example.org", "ada@example.org")]
    [DataRow(" a.b+c@sub.example.org ", "a.b+c@sub.example.org")]
    [DataRow("ada", null)]
    [DataRow("@example.org", null)]
    [DataRow("ada@", null)]
    [DataRow("a b@example.org", null)]
    [DataRow("a@b@example.org", null)]
    [DataRow("ada@example.org\r\nBcc: all@example.org", null)]
    [DataRow("ada\u202E@example.org", null)]
    [DataRow("<ada@example.org>", null)]
    [DataRow("ada@127.0.0.1", null)]
    public void Addresses_are_found_whatever_their_case(string text, string? key) => Assert.AreEqual(key, EmailAddress.Find(text)?.Key);

    [TestMethod]
    public void The_secrets_of_a_provider_flow_are_all_different_and_come_from_one()
    {
        var flow = ProviderFlow.Create();
        var again = ProviderFlow.Parse(flow.Secret)!;

        Assert.HasCount(5, new[] { flow.Secret, flow.State, flow.Nonce, flow.Verifier, flow.Challenge }.Distinct().ToList());
        Assert.AreEqual((flow.State, flow.Nonce, flow.Verifier), (again.State, again.Nonce, again.Verifier));
        Assert.IsTrue(again.HasState(flow.State));
        Assert.IsFalse(again.HasState(ProviderFlow.Create().State));
        Assert.IsNull(ProviderFlow.Parse("x"));
    }

    [TestMethod]
    public void Mail_options_say_what_is_missing()
    {
        Assert.AreEqual("", Problems(new MailOptions()));
        Assert.AreEqual("Host, From", Problems(new MailOptions { Delivery = MailDelivery.Smtp }));
        Assert.AreEqual("Folder", Problems(new MailOptions { Delivery = MailDelivery.File, From = "a@example.org" }));
        Assert.AreEqual("Security", Problems(new MailOptions
        {
            Delivery = MailDelivery.Smtp, From = "a@example.org", Host = "h", Security = MailSecurity.None, User = "u", Password = "p",
        }));

        static string Problems(MailOptions options) => string.Join(", ", options.Validate(new(options)).Select(p => p.MemberNames.Single()));
    }
}
