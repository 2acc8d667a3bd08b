// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Reports.Tests.Browser;

/// <summary>Opens a page in a real browser, runs a script in it and returns what the script found.</summary>
internal static class HeadlessChromium
{
    // Collects from the very beginning of the page what should not happen.
    private const string Watch = """
        window.trouble = [];
        addEventListener('error', e => trouble.push('error: ' + e.message));
        addEventListener('securitypolicyviolation', e => trouble.push('blocked: ' + e.blockedURI));
        for (const level of ['error', 'warn']) console[level] = (...words) => trouble.push(level + ': ' + words.join(' '));
        """;

    /// <summary>The value of the JavaScript function body <paramref name="script"/>, run when the page is complete; it may wait.</summary>
    public static JsonElement Run(string page, string script, TemporaryFolder folder)
    {
        string html = File.ReadAllText(page);
        string probe = $$"""
            <script>addEventListener('load', () => setTimeout(async () => {
              let result;
              try { result = await (async () => { {{script}} })(); } catch (e) { trouble.push('probe: ' + e.stack); }
              document.body.replaceChildren(Object.assign(document.createElement('pre'), { id: 'result', textContent: JSON.stringify({ result, trouble }) }));
            }, 100));</script></body>
            """;
        int end = html.LastIndexOf("</body>", StringComparison.Ordinal);
        string probed = (html[..end] + probe + html[(end + "</body>".Length)..]).Replace("<style>", $"<script>{Watch}</script><style>");
        string path = folder.File("probed.html");
        File.WriteAllText(path, probed);
        string dom = DumpDom(path, folder.File("profile"));
        Match match = Regex.Match(dom, "<pre id=\"result\">(.*?)</pre>", RegexOptions.Singleline);
        return match.Success
            ? JsonDocument.Parse(WebUtility.HtmlDecode(match.Groups[1].Value)).RootElement
            : throw new InvalidOperationException("the page ended without a result: " + dom[..Math.Min(dom.Length, 2000)]);
    }

    private static string DumpDom(string path, string profile)
    {
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--window-size=1200,1000", "--virtual-time-budget=10000", "--user-data-dir=" + profile, "--dump-dom", new Uri(path).AbsoluteUri,
        ];
        var start = new ProcessStartInfo("chromium", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException("chromium did not finish within two minutes");
            }

            _ = errors.Result;
            return output.Result;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("chromium is missing: install Debian's chromium");
        }
    }
}
