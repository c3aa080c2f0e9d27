"""The provincial server (省级平台): a Django project beside the stations, which never makes a certificate."""
