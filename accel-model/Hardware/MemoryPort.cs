// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>The address side of one port of a memory: driven by one stage in a cycle, sampled at the clock edge.</summary>
internal struct MemoryPort(string name)
{
    private bool _enabled;
    private int _address;

    /// <exception cref="InvalidOperationException">The port is driven twice in one cycle, or the address is outside the memory.</exception>
    public void Drive(int address, int size)
    {
        if (_enabled)
        {
            throw new InvalidOperationException($"two accesses in one cycle at {name}");
        }
        if ((uint)address >= (uint)size)
        {
            throw new InvalidOperationException($"address {address} at {name}, which has {size} addresses");
        }
        _enabled = true;
        _address = address;
    }

    /// <summary>The clock edge: whether there is an access, and where.</summary>
    public bool Sample(out int address)
    {
        bool enabled = _enabled;
        address = _address;
        _enabled = false;
        return enabled;
    }
}
