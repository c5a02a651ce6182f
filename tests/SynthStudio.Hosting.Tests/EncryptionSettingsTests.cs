using System.Security.Cryptography;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Hosting.Tests;

/// <summary>Which keys a host seals by and opens by, as its settings say.</summary>
[TestClass]
public sealed class EncryptionSettingsTests
{
    private readonly byte[] _own = RandomNumberGenerator.GetBytes(MasterKey.Bytes),
        _previous = RandomNumberGenerator.GetBytes(MasterKey.Bytes), _next = RandomNumberGenerator.GetBytes(MasterKey.Bytes);

    [TestMethod]
    public void A_host_seals_by_its_own_key_and_opens_by_the_previous_the_next_and_the_ledgers_too()
    {
        var folder = Directory.CreateTempSubdirectory("keys-").FullName;
        var ledger = LedgerKey.Open(Path.Combine(folder, "ledger.key"));
        var settings = new EncryptionSettings { MasterKey = Text(_own), PreviousMasterKey = Text(_previous), NextMasterKey = Text(_next) };

        var master = settings.ToMasterKey(ledger);

        foreach (var key in (byte[][])[_own, _previous, _next, ledger.MasterKey()])
            CollectionAssert.AreEqual(new byte[] { 7 }, master.Open(new MasterKey(key).Seal([7], "a"), "a"));
        CollectionAssert.AreEqual(new byte[] { 8 }, new MasterKey(_own).Open(master.Seal([8], "a"), "a"));
        Assert.IsTrue(master.IsCurrent(new MasterKey(_next).Seal([7], "a")), "It is not sealed back.");
        Assert.IsFalse(master.IsCurrent(new MasterKey(_previous).Seal([7], "a")));

        var first = new EncryptionSettings { NextMasterKey = Text(_next) }.ToMasterKey(ledger); // Before any key was set.
        CollectionAssert.AreEqual(new byte[] { 9 }, new MasterKey(ledger.MasterKey()).Open(first.Seal([9], "a"), "a"));
        CollectionAssert.AreEqual(new byte[] { 7 }, first.Open(new MasterKey(_next).Seal([7], "a"), "a"));
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    [DataRow(nameof(EncryptionSettings.MasterKey))]
    [DataRow(nameof(EncryptionSettings.PreviousMasterKey))]
    [DataRow(nameof(EncryptionSettings.NextMasterKey))]
    public void A_key_that_is_none_is_named(string setting)
    {
        var settings = new EncryptionSettings();
        typeof(EncryptionSettings).GetProperty(setting)!.SetValue(settings, "AAAA");

        var problem = settings.Validate(new(settings)).Single();

        Assert.AreEqual(setting, problem.MemberNames.Single());
        Assert.Contains("head -c 32 /dev/urandom", problem.ErrorMessage!);
    }

    private static string Text(byte[] key) => Convert.ToBase64String(key);
}
